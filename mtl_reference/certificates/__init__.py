"""What makes an answer right, said another way than the method says it, one file each."""
