/* Arrays on the wire: float64 or float32, a shape, and little-endian row-major bytes in base64. */

#ifndef MATRIX_H
#define MATRIX_H

#include "json.h"

#include <stddef.h>
#include <stdio.h>

/* Finite numbers as they were sent: `tasks` rows of `width`; `single` if they came as float32. */
typedef struct {
    size_t tasks, width;
    bool single;
    long double *entries;
} Matrix;

/* Why a request is not answered: the kind of the error on the wire, and a sentence. */
typedef struct {
    const char *kind;
    char message[120];
} Refusal;

/* Read an array of `axes` axes, (T, d) or (T,), and call it `name` where it is refused: false, with
   the reason. The entries are the caller's to free, also then. */
bool matrix_read(Json array, const char *name, size_t axes, Matrix *matrix, Refusal *refusal);

/* Write `count` numbers as an array of one axis, in the dtype that the jacobian had. */
void vector_write(FILE *out, const long double *numbers, size_t count, bool single);

/* Memory for `count` things of a size, all zero; the program ends where there is none. */
void *cleared(size_t count, size_t size);

#endif
