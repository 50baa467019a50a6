/* Arrays on the wire. The length of the data is seen to fit the shape before memory is taken. */

#include "matrix.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const char ALPHABET[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void *cleared(size_t count, size_t size) {
    void *room = calloc(count, size);
    if (!room) {
        fprintf(stderr, "no memory for %zu times %zu bytes\n", count, size);
        exit(EXIT_FAILURE);
    }
    return room;
}

static bool refused(Refusal *refusal, const char *kind, const char *name, const char *rule) {
    refusal->kind = kind;
    snprintf(refusal->message, sizeof refusal->message, "%s%s", name, rule);
    return false;
}

/* Six bits, or -1 for what is no letter of base64. */
static int sextet(char letter) {
    const char *found = letter ? strchr(ALPHABET, letter) : NULL;
    return found ? (int)(found - ALPHABET) : -1;
}

/* The bytes that a text of base64 stands for; false unless there are exactly `size` of them. */
static bool decode(Json text, unsigned char *bytes, size_t size) {
    uint32_t bits = 0;
    int held = 0;
    size_t done = 0;
    const char *at = text.start;
    for (; at < text.end && *at != '='; at++) {
        int value = sextet(*at);
        if (value < 0) return false;
        bits = bits << 6 | (uint32_t)value;
        held += 6;
        if (held < 8) continue;
        held -= 8;
        if (done == size) return false;
        bytes[done++] = (unsigned char)(bits >> held);
        bits &= (1u << held) - 1;
    }
    size_t padding = (3 - size % 3) % 3;
    if (done != size || bits || (size_t)(text.end - at) != padding) return false;
    return padding < 1 || (at[0] == '=' && at[padding - 1] == '=');
}

static long double number(const unsigned char *bytes, bool single) {
    uint64_t bits = 0;
    for (int place = single ? 4 : 8; place--;) bits = bits << 8 | bytes[place];
    if (single) {
        uint32_t low = (uint32_t)bits;
        float value;
        memcpy(&value, &low, sizeof value);
        return value;
    }
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static bool dtype_read(Json array, const char *name, Matrix *matrix, Refusal *refusal) {
    Json dtype;
    if (!json_member(array, "dtype", &dtype)) {
        return refused(refusal, "refused", name, " must be an array of dtype, shape and data");
    }
    if (json_is(dtype, "bfloat16")) return refused(refusal, "unsupported", name, " is bfloat16");
    matrix->single = json_is(dtype, "float32");
    if (matrix->single || json_is(dtype, "float64")) return true;
    return refused(refusal, "refused", name, " must hold floating-point numbers");
}

static bool shape_read(Json array, const char *name, size_t axes, Matrix *matrix,
                       Refusal *refusal) {
    Json shape, item;
    size_t sizes[2] = {1, 1}, count = 0;
    const char *at = NULL;
    bool whole = json_member(array, "shape", &shape);
    while (whole && json_next(shape, &at, &item)) {
        whole = count < axes && json_count(item, &sizes[count++]);
    }
    matrix->tasks = sizes[0];
    matrix->width = sizes[1];
    if (whole && count == axes && sizes[0] && sizes[1]) return true;
    if (axes == 1) return refused(refusal, "refused", name, " must have shape (T,)");
    return refused(refusal, "refused", name, " must have shape (T, d), neither of them 0");
}

static bool finite(const Matrix *matrix, const char *name, size_t axes, Refusal *refusal) {
    for (size_t k = 0; k < matrix->tasks * matrix->width; k++) {
        long double entry = matrix->entries[k];
        if (isfinite(entry)) continue;
        char rule[80];
        size_t row = k / matrix->width, column = k % matrix->width;
        const char *what = isnan(entry) ? "nan" : entry > 0 ? "inf" : "-inf";
        if (axes == 1) {
            snprintf(rule, sizeof rule, "[%zu] is %s", row, what);
        } else {
            snprintf(rule, sizeof rule, "[%zu, %zu] is %s", row, column, what);
        }
        return refused(refusal, "refused", name, rule);
    }
    return true;
}

static bool data_read(Json array, Matrix *matrix) {
    Json data;
    if (!json_member(array, "data", &data) || !json_inside(data, &data)) return false;
    size_t room = (size_t)(data.end - data.start), size = matrix->single ? 4 : 8;
    if (matrix->tasks > room / matrix->width / size) return false; /* base64 is the longer */
    size_t count = matrix->tasks * matrix->width;
    unsigned char *bytes = cleared(count, size);
    bool good = decode(data, bytes, count * size);
    matrix->entries = cleared(count, sizeof *matrix->entries);
    for (size_t k = 0; k < count && good; k++) {
        matrix->entries[k] = number(bytes + k * size, matrix->single);
    }
    free(bytes);
    return good;
}

bool matrix_read(Json array, const char *name, size_t axes, Matrix *matrix, Refusal *refusal) {
    matrix->entries = NULL;
    if (!dtype_read(array, name, matrix, refusal)) return false;
    if (!shape_read(array, name, axes, matrix, refusal)) return false;
    if (data_read(array, matrix)) return finite(matrix, name, axes, refusal);
    return refused(refusal, "refused", name, " must have data: base64 of what its shape takes");
}

static uint64_t bits_of(long double value, bool single) {
    if (single) {
        float low = (float)value;
        uint32_t bits;
        memcpy(&bits, &low, sizeof bits);
        return bits;
    }
    double high = (double)value;
    uint64_t bits;
    memcpy(&bits, &high, sizeof bits);
    return bits;
}

void vector_write(FILE *out, const long double *numbers, size_t count, bool single) {
    size_t size = single ? 4 : 8, total = count * size;
    fprintf(out, "{\"dtype\": \"%s\", \"shape\": [%zu], \"data\": \"",
            single ? "float32" : "float64", count);
    for (size_t from = 0; from < total; from += 3) {
        uint32_t three = 0;
        for (size_t at = from; at < from + 3; at++) {
            uint64_t bits = at < total ? bits_of(numbers[at / size], single) : 0;
            three = three << 8 | (uint32_t)(bits >> 8 * (at % size) & 0xFF);
        }
        for (size_t letter = 0; letter < 4; letter++) {
            bool padding = from + letter > total;
            fputc(padding ? '=' : ALPHABET[three >> (18 - 6 * letter) & 63], out);
        }
    }
    fputs("\"}", out);
}
