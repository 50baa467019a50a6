/* MGDA for any number of tasks: the shortest vector in the convex hull of the gradients.

   Row i is 2^e_i u_i with the largest entry of u_i in [1/2, 1), and t_i = 2^(e - e_i) with e the
   least e_i, so that no product leaves the range. The z >= 0 with the least
   |sum z_i u_i|^2 + (1 - sum t_i z_i)^2 gives the weights w_i = t_i z_i / sum t_k z_k: nonnegative
   least squares on the columns a_i = (u_i, t_i), by the active-set walk of Lawson and Hanson
   (Solving Least Squares Problems, 1974, chapter 23). Each step solves by orthogonal factors, never
   by the Gramian, and where long double is longer than double, with digits to spare. */

#include "methods.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    size_t count, height;
    long double *columns;             /* column i is its entries i*height to i*height + height-1 */
    long double *lengths;             /* of the columns */
    long double *solution, *residual; /* z, and (0, ..., 0, 1) - sum z_i a_i */
    bool *support, *barred;
} Walk;

static long double inner(const long double *left, const long double *right, size_t count) {
    long double sum = 0;
    for (size_t k = 0; k < count; k++) sum += left[k] * right[k];
    return sum;
}

static void subtract(long double *from, long double times, const long double *row, size_t count) {
    for (size_t k = 0; k < count; k++) from[k] -= times * row[k];
}

/* Take from column k what the columns before it span, twice, and note it in the upper triangle;
   false if nothing but rounding is left of it. */
static bool orthogonalised(long double *basis, long double *upper, size_t k, size_t height) {
    long double *own = basis + k * height, before = sqrtl(inner(own, own, height));
    for (int pass = 0; pass < 2; pass++) {
        for (size_t other = 0; other < k; other++) {
            long double part = inner(own, basis + other * height, height);
            subtract(own, part, basis + other * height, height);
            upper[other] += part;
        }
    }
    long double left = sqrtl(inner(own, own, height));
    if (left <= 8 * (long double)(k + 1) * LDBL_EPSILON * before) return false;
    for (size_t row = 0; row < height; row++) own[row] /= left;
    upper[k] = left;
    return true;
}

/* Least squares on the support; false if its columns depend on each other. */
static bool solved(const Walk *walk, long double *solution) {
    size_t n = 0, height = walk->height;
    long double *basis = cleared(walk->count * height, sizeof *basis);
    long double *upper = cleared(walk->count * walk->count, sizeof *upper);
    long double *target = cleared(height, sizeof *target);
    long double *right = cleared(walk->count, sizeof *right);
    bool independent = true;
    target[height - 1] = 1;
    for (size_t i = 0; i < walk->count && independent; i++) {
        if (!walk->support[i]) continue;
        memcpy(basis + n * height, walk->columns + i * height, height * sizeof *basis);
        independent = orthogonalised(basis, upper + n * walk->count, n, height);
        right[n] = inner(basis + n * height, target, height);
        subtract(target, right[n], basis + n * height, height);
        n++;
    }
    for (size_t i = walk->count; i-- && independent;) {
        solution[i] = 0;
        if (!walk->support[i]) continue;
        n--;
        solution[i] = right[n] / upper[n * walk->count + n];
        subtract(right, solution[i], upper + n * walk->count, n);
    }
    free(basis);
    free(upper);
    free(target);
    free(right);
    return independent;
}

/* The index that lowers the distance fastest, or `count` if none does by more than rounding. */
static size_t entering(Walk *walk) {
    long double sizes = 1, best = 0;
    size_t found = walk->count;
    memset(walk->residual, 0, walk->height * sizeof *walk->residual);
    walk->residual[walk->height - 1] = 1;
    for (size_t i = 0; i < walk->count; i++) {
        subtract(walk->residual, walk->solution[i], walk->columns + i * walk->height, walk->height);
        sizes += walk->solution[i] * walk->lengths[i];
    }
    for (size_t i = 0; i < walk->count; i++) {
        if (walk->support[i] || walk->barred[i]) continue;
        long double slope = inner(walk->residual, walk->columns + i * walk->height, walk->height);
        slope /= walk->lengths[i];
        if (slope > 32 * LDBL_EPSILON * sizes && slope > best) {
            best = slope;
            found = i;
        }
    }
    return found;
}

/* As far towards the goal as no entry turns negative; who reaches zero leaves the support. */
static void moved(Walk *walk, const long double *goal) {
    long double share = 1;
    for (size_t i = 0; i < walk->count; i++) {
        if (!walk->support[i] || goal[i] > 0) continue;
        long double met = walk->solution[i] / (walk->solution[i] - goal[i]);
        if (met < share) share = met;
    }
    for (size_t i = 0; i < walk->count; i++) {
        if (!walk->support[i]) continue;
        bool leaves = goal[i] <= 0 && walk->solution[i] <= share * (walk->solution[i] - goal[i]);
        walk->solution[i] += share * (goal[i] - walk->solution[i]);
        if (!leaves && walk->solution[i] > 0) continue;
        walk->solution[i] = 0;
        walk->support[i] = false;
    }
}

static bool positive(const Walk *walk, const long double *goal) {
    for (size_t i = 0; i < walk->count; i++) {
        if (walk->support[i] && goal[i] <= 0) return false;
    }
    return true;
}

/* Let one index into the support, and out whoever must leave for it. */
static void enter(Walk *walk, size_t index, long double *goal) {
    walk->support[index] = true;
    if (!solved(walk, goal) || goal[index] <= 0) {
        walk->support[index] = false; /* only rounding was to gain */
        walk->barred[index] = true;
        return;
    }
    memset(walk->barred, 0, walk->count * sizeof *walk->barred);
    while (!positive(walk, goal)) {
        moved(walk, goal);
        if (!solved(walk, goal)) return;
    }
    memcpy(walk->solution, goal, walk->count * sizeof *goal);
}

static void walked(Walk *walk) {
    long double *goal = cleared(walk->count, sizeof *goal);
    for (size_t steps = 0; steps < 10 * walk->count; steps++) {
        size_t index = entering(walk);
        if (index == walk->count) break;
        enter(walk, index, goal);
    }
    free(goal);
}

/* The exponents of the rows' largest entries; false if a row is zero, which has none. */
static bool measured(const Matrix *jacobian, int *exponents, bool *zeros) {
    bool all = true;
    for (size_t i = 0; i < jacobian->tasks; i++) {
        long double largest = 0;
        for (size_t k = 0; k < jacobian->width; k++) {
            largest = fmaxl(largest, fabsl(jacobian->entries[i * jacobian->width + k]));
        }
        if (largest > 0) frexpl(largest, &exponents[i]);
        zeros[i] = largest == 0;
        all = all && !zeros[i];
    }
    return all;
}

/* Fill the columns a_i = (u_i, t_i) in the unit 2^least. */
static void fill(Walk *walk, const Matrix *jacobian, const int *exponents, int least) {
    for (size_t i = 0; i < walk->count; i++) {
        long double *column = walk->columns + i * walk->height;
        for (size_t k = 0; k < jacobian->width; k++) {
            column[k] = ldexpl(jacobian->entries[i * jacobian->width + k], -exponents[i]);
        }
        column[jacobian->width] = ldexpl(1, least - exponents[i]);
        walk->lengths[i] = sqrtl(inner(column, column, walk->height));
    }
}

/* Weights and direction from the solution. */
static void told(const Walk *walk, int least, long double *direction, long double *weights) {
    size_t width = walk->height - 1;
    long double whole = 0;
    for (size_t i = 0; i < walk->count; i++) {
        weights[i] = walk->solution[i] * walk->columns[i * walk->height + width];
        whole += weights[i];
        subtract(direction, -walk->solution[i], walk->columns + i * walk->height, width);
    }
    for (size_t i = 0; i < walk->count; i++) weights[i] /= whole;
    for (size_t k = 0; k < width; k++) direction[k] = ldexpl(direction[k] / whole, least);
}

/* The rows that are zero share the weight: zero is in the hull. */
static void shared(const bool *zeros, size_t count, long double *weights) {
    size_t whole = 0;
    for (size_t i = 0; i < count; i++) whole += zeros[i];
    for (size_t i = 0; i < count; i++) weights[i] = zeros[i] ? 1 / (long double)whole : 0;
}

static void shortest(const Matrix *jacobian, const int *exponents, long double *direction,
                     long double *weights) {
    size_t count = jacobian->tasks, height = jacobian->width + 1;
    int least = exponents[0];
    for (size_t i = 1; i < count; i++) least = exponents[i] < least ? exponents[i] : least;
    Walk walk = {.count = count, .height = height};
    walk.columns = cleared(count * height, sizeof *walk.columns);
    walk.lengths = cleared(count, sizeof *walk.lengths);
    walk.solution = cleared(count, sizeof *walk.solution);
    walk.residual = cleared(height, sizeof *walk.residual);
    walk.support = cleared(count, sizeof *walk.support);
    walk.barred = cleared(count, sizeof *walk.barred);
    fill(&walk, jacobian, exponents, least);
    walked(&walk);
    told(&walk, least, direction, weights);
    free(walk.columns);
    free(walk.lengths);
    free(walk.solution);
    free(walk.residual);
    free(walk.support);
    free(walk.barred);
}

void mgda(const Matrix *jacobian, long double *direction, long double *weights) {
    int *exponents = cleared(jacobian->tasks, sizeof *exponents);
    bool *zeros = cleared(jacobian->tasks, sizeof *zeros);
    if (measured(jacobian, exponents, zeros)) {
        shortest(jacobian, exponents, direction, weights);
    } else {
        shared(zeros, jacobian->tasks, weights);
    }
    free(exponents);
    free(zeros);
}
