/* Reading JSON: `skip` alone looks at bytes unseen before; the rest walks what it accepted. */

#include "json.h"

#include <string.h>

enum { DEEPEST = 32 };

static const char *skip(const char *at, const char *end, int depth);

static bool digit(const char *at, const char *end) {
    return at < end && *at >= '0' && *at <= '9';
}

static const char *space(const char *at, const char *end) {
    while (at < end && (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n')) at++;
    return at;
}

static const char *skip_word(const char *at, const char *end, const char *word) {
    size_t length = strlen(word);
    return (size_t)(end - at) >= length && !memcmp(at, word, length) ? at + length : NULL;
}

static const char *skip_digits(const char *at, const char *end) {
    if (!digit(at, end)) return NULL;
    while (digit(at, end)) at++;
    return at;
}

static const char *skip_number(const char *at, const char *end) {
    if (*at == '-') at++;
    const char *first = at;
    at = skip_digits(at, end);
    if (!at || (*first == '0' && at - first > 1)) return NULL;
    if (at < end && *at == '.' && !(at = skip_digits(at + 1, end))) return NULL;
    if (at < end && (*at == 'e' || *at == 'E')) {
        at++;
        if (at < end && (*at == '+' || *at == '-')) at++;
        at = skip_digits(at, end);
    }
    return at;
}

static const char *skip_text(const char *at, const char *end) {
    for (at++; at < end && *at != '"'; at++) {
        if ((unsigned char)*at < ' ') return NULL;
        if (*at != '\\') continue;
        if (++at == end || !*at || !strchr("\"\\/bfnrtu", *at)) return NULL;
        for (int left = *at == 'u' ? 4 : 0; left; left--) {
            if (++at == end || !*at || !strchr("0123456789abcdefABCDEF", *at)) return NULL;
        }
    }
    return at < end ? at + 1 : NULL;
}

/* An array, or an object, whose items have names. */
static const char *skip_items(const char *at, const char *end, int depth) {
    bool named = *at == '{';
    char last = named ? '}' : ']';
    at = space(at + 1, end);
    if (at < end && *at == last) return at + 1;
    for (; at; at++) {
        at = space(at, end);
        if (named) {
            if (at == end || *at != '"' || !(at = skip_text(at, end))) return NULL;
            at = space(at, end);
            if (at == end || *at++ != ':') return NULL;
        }
        if (!(at = skip(at, end, depth + 1))) return NULL;
        at = space(at, end);
        if (at < end && *at == last) return at + 1;
        if (at == end || *at != ',') return NULL;
    }
    return NULL;
}

/* Where a value ends, with the space before it; NULL if there is none. */
static const char *skip(const char *at, const char *end, int depth) {
    at = space(at, end);
    if (at == end || depth > DEEPEST) return NULL;
    switch (*at) {
        case '{': case '[': return skip_items(at, end, depth);
        case '"': return skip_text(at, end);
        case 't': return skip_word(at, end, "true");
        case 'f': return skip_word(at, end, "false");
        case 'n': return skip_word(at, end, "null");
        default: return *at == '-' || digit(at, end) ? skip_number(at, end) : NULL;
    }
}

bool json_read(const char *line, size_t length, Json *value) {
    const char *end = line + length;
    value->start = space(line, end);
    value->end = skip(line, end, 0);
    return value->end && space(value->end, end) == end;
}

static Json value_at(const char *at, const char *end) {
    return (Json){space(at, end), skip(at, end, 0)};
}

bool json_member(Json object, const char *name, Json *value) {
    if (*object.start != '{') return false;
    const char *at = space(object.start + 1, object.end);
    while (*at != '}') {
        Json key = value_at(at, object.end);
        at = space(key.end, object.end) + 1; /* beyond the colon */
        *value = value_at(at, object.end);
        if (json_is(key, name)) return true;
        at = space(value->end, object.end);
        if (*at == ',') at = space(at + 1, object.end);
    }
    return false;
}

bool json_next(Json array, const char **at, Json *item) {
    if (*array.start != '[') return false;
    const char *from = space(*at ? *at : array.start + 1, array.end);
    if (*from == ',') from++;
    if (*from == ']') return false;
    *item = value_at(from, array.end);
    *at = item->end;
    return true;
}

bool json_is(Json value, const char *text) {
    size_t length = strlen(text);
    bool fits = *value.start == '"' && (size_t)(value.end - value.start) == length + 2;
    return fits && !memcmp(value.start + 1, text, length);
}

bool json_count(Json value, size_t *number) {
    const char *at = value.start;
    for (*number = 0; digit(at, value.end) && *number < (size_t)1 << 40; at++) {
        *number = 10 * *number + (size_t)(*at - '0');
    }
    return at == value.end && *number <= (size_t)1 << 40;
}

bool json_inside(Json value, Json *inside) {
    if (*value.start != '"') return false;
    *inside = (Json){value.start + 1, value.end - 1};
    return true;
}
