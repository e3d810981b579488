/* reader_values.c - values and signs of a document that is read, with what may stand in between: lines of other
 * programs (reader_wrap.c), and what is mended. */

#include "read/reader_inside.h"

json_t *reader_take_value(struct longhaul_reader *r, struct json_text_got *got)
{
    uint64_t at = json_text_offset(&r->text);
    json_t *value = json_text_value(&r->text, got);
    while (value == NULL && reader_drop_strays(r, got->broken > 0 ? got->broken - 1 : 0))
        value = json_text_value(&r->text, got);
    if (value && got->is_mended)
        tally_count(&r->mended, at);
    return value;
}

bool reader_take_sign(struct longhaul_reader *r, char c)
{
    return json_text_take(&r->text, c) || (reader_drop_strays(r, 0) && json_text_take(&r->text, c));
}

bool reader_take_key(struct longhaul_reader *r, char *key, size_t size)
{
    return json_text_key(&r->text, key, size) || (reader_drop_strays(r, 0) && json_text_key(&r->text, key, size));
}

void reader_go_to_break(struct longhaul_reader *r, const struct json_text_got *got)
{
    size_t n = got->broken;
    if (n > 1 && json_text_here(&r->text)[n - 1] == '{')
        n--;
    r->text.at += n > 0 || json_text_left(&r->text) == 0 ? n : 1;
}
