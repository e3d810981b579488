/* reader_longhaul.c - reads the object "longhaul" of a result: its lists an element at a time, because weeks of delays
 * or thousands of traces are longer than what is read at once. What is too long, or is not JSON, is left out with a
 * warning. */

#include "read/reader_inside.h"
#include "read/series_list.h"

#define MEMBER_BYTES (1u << 20)   /* of one that is not a list */
#define MEMBERS_BYTES (16u << 20) /* of all those together */

/* An element or a member cannot be read: passes over it, or stops where the text is broken. */
static int pass_over(struct longhaul_reader *r, const struct json_text_got *got, struct tally *unreadable)
{
    uint64_t at = json_text_offset(&r->text);
    size_t length = 0;
    bool is_whole = json_text_look_value(&r->text, &length), is_long = got->broken >= JSON_TEXT_AHEAD;
    if (r->text.has_failed || (!is_whole && !is_long)) {
        reader_go_to_break(r, got);
        return 0;
    }
    tally_count(unreadable, at);
    r->text.at += length;
    return is_whole || json_text_skip(&r->text);
}

static int take_element(struct longhaul_reader *r, struct longhaul_series *s, enum series_list list, bool *is_full,
                        struct tally *unreadable)
{
    struct json_text_got got;
    size_t n;
    if (r->is_scanning && !series_list_is_full(s, list)) {
        const char *text = json_text_here(&r->text);
        r->progress += series_list_take_plain(s, list, text, text + json_text_left(&r->text), &n);
        r->text.at += n;
        if (n > 0)
            return 1;
    }
    json_t *element = reader_take_value(r, &got);
    if (element == NULL)
        return pass_over(r, &got, unreadable);
    if (series_list_is_full(s, list)) {
        if (!*is_full)
            warnings_add(&r->warnings, json_text_offset(&r->text) - got.length,
                         "left out: the elements of \"%s\" from here on, because there are too many",
                         series_list_name(list));
        *is_full = true;
    } else {
        r->progress += series_list_take(s, list, element);
    }
    json_decref(element);
    return 1;
}

static int take_list(struct longhaul_reader *r, struct longhaul_series *s, enum series_list list,
                     struct tally *unreadable)
{
    bool is_full = false;
    json_text_take(&r->text, '[');
    series_list_begin(s, list); /* the last one of a repeated key counts */
    if (json_text_take(&r->text, ']'))
        return 1;
    do {
        json_text_blank(&r->text);
        int rc = take_element(r, s, list, &is_full, unreadable);
        if (rc <= 0)
            return rc;
    } while (reader_take_sign(r, ','));
    return json_text_take(&r->text, ']');
}

static int take_single(struct longhaul_reader *r, json_t *object, const char *key, size_t *n_bytes,
                       struct tally *unreadable)
{
    struct json_text_got got;
    json_t *value = reader_take_value(r, &got);
    if (value == NULL)
        return pass_over(r, &got, unreadable);
    if (got.length > MEMBER_BYTES || *n_bytes + got.length > MEMBERS_BYTES) {
        json_decref(value);
        tally_count(unreadable, json_text_offset(&r->text) - got.length);
        return 1;
    }
    *n_bytes += got.length;
    return json_object_set_new(object, key, value) == 0 ? 1 : LONGHAUL_ENOMEM;
}

static int take_members(struct longhaul_reader *r, struct longhaul_series *s, json_t *object, struct tally *unreadable)
{
    char key[32];
    size_t n_bytes = 0;
    int good;
    if (json_text_take(&r->text, '}'))
        return 1;
    do {
        json_text_blank(&r->text);
        if (!reader_take_key(r, key, sizeof key))
            return 0;
        enum series_list list = series_list_of(key);
        json_text_blank(&r->text);
        if (list != SERIES_N_LISTS && json_text_look(&r->text, 0) == '[')
            good = take_list(r, s, list, unreadable);
        else
            good = take_single(r, object, key, &n_bytes, unreadable);
    } while (good > 0 && reader_take_sign(r, ','));
    return good > 0 ? json_text_take(&r->text, '}') : good;
}

int reader_take_longhaul(struct longhaul_reader *r, struct longhaul_series *s)
{
    struct tally unreadable = { 0 };
    json_t *object = json_object();
    if (object == NULL)
        return LONGHAUL_ENOMEM;
    int rc = json_text_take(&r->text, '{') ? take_members(r, s, object, &unreadable) : json_text_skip(&r->text);
    series_take_longhaul(s, object, false);
    json_decref(object);
    tally_warn(&unreadable, &r->warnings, "left out: a member of \"longhaul\" that is not JSON, or is too long");
    return rc;
}
