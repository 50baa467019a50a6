/* The mean of the gradients, summed in long double and rounded once. */

#include "methods.h"

void mean(const Matrix *jacobian, long double *direction) {
    for (size_t column = 0; column < jacobian->width; column++) {
        long double sum = 0;
        for (size_t task = 0; task < jacobian->tasks; task++) {
            sum += jacobian->entries[task * jacobian->width + column];
        }
        direction[column] = sum / (long double)jacobian->tasks;
    }
}
