/* The two methods: each gives a direction of `width` numbers, MGDA also `tasks` weights. */

#ifndef METHODS_H
#define METHODS_H

#include "matrix.h"

/* The mean of the rows. */
void mean(const Matrix *jacobian, long double *direction);

/* The shortest vector in the convex hull of the rows, and the weights that give it. */
void mgda(const Matrix *jacobian, long double *direction, long double *weights);

#endif
