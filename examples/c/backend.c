/* The mean and MGDA as a backend: one JSON request a line on stdin, one reply a line on stdout. */

#define _POSIX_C_SOURCE 200809L /* getline */

#include "json.h"
#include "matrix.h"
#include "methods.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>

#define OFFER "\"params\": {}, \"dtypes\": [\"float64\", \"float32\"], \"scale\": \"1\", " \
    "\"randomness\": \"none\", \"stateful\": false, \"accuracy\": null, "

static const char ABOUT[] =
    "{\"protocol\": 1, \"name\": \"c-example\", \"version\": \"1.0\", \"language\": \"c\", "
    "\"artifact\": null, \"methods\": {"
    "\"mean\": {" OFFER "\"outputs\": [\"direction\"]}, "
    "\"mgda\": {" OFFER "\"outputs\": [\"direction\", \"weights\"]}}}";

static void reply_error(const char *kind, const char *message) {
    printf("\"error\": {\"kind\": \"%s\", \"message\": \"%s\"}", kind, message);
}

static void reply_outputs(const Matrix *jacobian, bool weighs) {
    long double *direction = cleared(jacobian->width, sizeof *direction);
    long double *weights = cleared(jacobian->tasks, sizeof *weights);
    if (weighs) {
        mgda(jacobian, direction, weights);
    } else {
        mean(jacobian, direction);
    }
    printf("\"ok\": {\"outputs\": {\"direction\": ");
    vector_write(stdout, direction, jacobian->width, jacobian->single);
    if (weighs) {
        printf(", \"weights\": ");
        vector_write(stdout, weights, jacobian->tasks, jacobian->single);
    }
    printf("}}");
    free(direction);
    free(weights);
}

/* Losses may come along, for normalizations that are not offered; they must be losses then. */
static bool losses_fit(Json inputs, const Matrix *jacobian, Refusal *refusal) {
    Json array;
    Matrix losses;
    if (!json_member(inputs, "losses", &array)) return true;
    bool good = matrix_read(array, "losses", 1, &losses, refusal);
    if (good && losses.tasks != jacobian->tasks) {
        *refusal = (Refusal){"refused", "losses must be one for each task"};
        good = false;
    }
    free(losses.entries);
    return good;
}

static bool offered(Json method, Json params, Refusal *refusal) {
    Json normalization;
    *refusal = (Refusal){"unsupported", "the methods are mean and mgda"};
    if (!json_is(method, "mgda")) return json_is(method, "mean");
    *refusal = (Refusal){"unsupported", "normalization must be none"};
    return !json_member(params, "normalization", &normalization) || json_is(normalization, "none");
}

static void evaluate(Json request) {
    Json method, params, inputs, array;
    Matrix jacobian = {.entries = NULL};
    Refusal refusal = {"refused", "evaluate takes method, params and inputs with a jacobian"};
    bool whole = json_member(request, "method", &method) && json_member(request, "params", &params)
        && json_member(request, "inputs", &inputs) && json_member(inputs, "jacobian", &array);
    if (whole && offered(method, params, &refusal)
        && matrix_read(array, "jacobian", 2, &jacobian, &refusal)
        && losses_fit(inputs, &jacobian, &refusal)) {
        reply_outputs(&jacobian, json_is(method, "mgda"));
    } else {
        reply_error(refusal.kind, refusal.message);
    }
    free(jacobian.entries);
}

static void describe(Json request) {
    Json protocol;
    size_t version = 0;
    bool ours = json_member(request, "protocol", &protocol) && json_count(protocol, &version);
    if (ours && version == 1) {
        printf("\"ok\": %s", ABOUT);
    } else {
        reply_error("unsupported", "the protocol is 1");
    }
}

/* Answer one line; whether it was the last. */
static bool answered(const char *line, size_t length) {
    Json request, id, op;
    size_t number;
    bool whole = json_read(line, length, &request) && json_member(request, "id", &id)
        && json_count(id, &number) && json_member(request, "op", &op);
    if (!whole) {
        printf("{\"id\": null, ");
        reply_error("refused", "a request is one JSON object with id and op");
        puts("}");
        return false;
    }
    bool last = json_is(op, "stop");
    printf("{\"id\": %zu, ", number);
    if (last) {
        printf("\"ok\": {}");
    } else if (json_is(op, "describe")) {
        describe(request);
    } else if (json_is(op, "evaluate")) {
        evaluate(request);
    } else {
        reply_error("unsupported", "the operations are describe, evaluate and stop");
    }
    puts("}");
    return last;
}

int main(void) {
    char *line = NULL;
    size_t room = 0;
    ssize_t length;
    while ((length = getline(&line, &room, stdin)) > 0) {
        bool last = answered(line, (size_t)length);
        if (fflush(stdout) || last) break;
    }
    free(line);
    return EXIT_SUCCESS;
}
