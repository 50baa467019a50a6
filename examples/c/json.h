/* Reading JSON as far as wire protocol 1 needs it: views into a line; nothing is copied or kept. */

#ifndef JSON_H
#define JSON_H

#include <stdbool.h>
#include <stddef.h>

/* One value as it stands in the line; of a text, the quotes too. */
typedef struct {
    const char *start, *end;
} Json;

/* Whether a line is one valid value, and no more; *value is that value without space around it.
   The other functions take what this one, or they themselves, gave. */
bool json_read(const char *line, size_t length, Json *value);

/* The member of an object; false if it is no object or has no such member. */
bool json_member(Json object, const char *name, Json *value);

/* The items of an array, one a call, from *at == NULL on; false after the last. */
bool json_next(Json array, const char **at, Json *item);

/* Whether a value is this text, written without escapes. */
bool json_is(Json value, const char *text);

/* A whole number from 0 to 2^40; false if the value is none. */
bool json_count(Json value, size_t *number);

/* What stands between the quotes of a text; false if the value is no text. */
bool json_inside(Json value, Json *inside);

#endif
