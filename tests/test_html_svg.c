/* test_html_svg.c - which pictures the page accepts, and in which form: those that gnuplot draws, and nothing that
 * could do more. */

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "check.h"
#include "publish/html.h"

static char path[] = "/tmp/longhaul-svg.XXXXXX";

/* The page's version of a picture with that in its root; NULL if it is refused. */
static char *made(const char *inside)
{
    char *svg = NULL, *out = NULL;
    size_t size = 0, n = 0;
    if (asprintf(&svg,
                 "<?xml version=\"1.0\"?>\n<svg \n width=\"10\" height=\"10\"\n "
                 "xmlns=\"http://www.w3.org/2000/svg\">\n<title>Gnuplot</title>\n%s\n</svg>\n",
                 inside) < 0 ||
        file_write(path, svg, strlen(svg), NULL) != 0)
        return NULL;
    FILE *stream = open_memstream(&out, &size);
    bool good = html_write_svg(stream, path, "a \"title\"", "p-", 10000, &n);
    fclose(stream);
    free(svg);
    if (good && n == size)
        return out;
    free(out);
    return NULL;
}

static void check_drawn(void)
{
    static const char *const cases[][2] = {
        { "<g id=\"a\" class=\"gridline\" fill='rgb(1, 2, 3)'><path d='M1.234,5.678 L9,0'/></g>",
            "<g id=\"p-a\" fill=\"rgb(1, 2, 3)\"><path d=\"M1.2,5.7 L9,0\"/></g>" },
        { "<use xlink:href='#a' transform=\"rotate(45)\"/>", "<use href=\"#p-a\" transform=\"rotate(45)\"/>" },
        { "<rect clip-path='url(#a)'/>", "<rect clip-path=\"url(#p-a)\"/>" },
        { "<text font-family=\"DejaVu Sans,'Arial'\">a &lt; b &#233; M\xc3\xbc</text>",
            "<text font-family=\"DejaVu Sans,'Arial'\">a &lt; b &#233; M\xc3\xbc</text>" },
        { "<text>a\xe2\x80\xae" "b\x1b</text>", "<text>a b </text>" },
        { "<path style='fill:none;onload:x()' d=''/>", "<path d=\"\"/>" },
        { "<!-- onload=x --><g></g>", "<g></g>" },
        { "<title>a <b onload=x></title><g></g>", "<g></g>" } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *got = made(cases[i][0]);
        CHECK(got && strstr(got, cases[i][1]) && strstr(got, "aria-label=\"a &quot;title&quot;\"") &&
              !strstr(got, "onload"), "drawn %zu", i);
        free(got);
    }
}

static void check_refused(void)
{
    static const char *const cases[] = {
        "<g ONLOAD=\"x()\"></g>", "<g onload=\"x()\"></g>", "<g OnLoad = 'x()'></g>", "<g\nonclick\n=\n\"x()\"/>",
            "<g onload=x()></g>", "<g onload></g>",
        "<script>x()</script>", "<SCRIPT>x()</SCRIPT>", "<Script/>", "<style>g{}</style>",
            "<foreignObject></foreignObject>", "<image href='#a'/>",
        "<a href='#a'>b</a>", "<animate/>", "<set/>", "<iframe/>", "<G></G>", "<svg></svg>", "<svg:script/>",
            "<g/onload='x()'>",
        "<use href=\"http://a/b#c\"/>", "<use href='javascript:x()'/>", "<use HREF='#a'/>", "<use href=' #a'/>",
            "<use xlink:HREF='data:x'/>", "<use href='#a\"b'/>",
        "<use href='&#106;avascript:x()'/>", "<use href=''/>", "<use href='#'/>", "<rect fill=\"url(http://a/b)\"/>",
            "<rect fill=\"url(//a#b)\"/>",
        "<rect fill=' url(http://a)'/>", "<rect fill='url(#a) url(http://b)'/>", "<rect fill='URL(http://a)'/>",
            "<rect fill='&#117;rl(http://a)'/>",
        "<rect fill=\"red\\\"/>", "<rect fill='a\"b'/>", "<rect fill='a<b'/>", "<rect fill='x;y'/>",
            "<rect fill='a:b'/>", "<rect id='a b'/>", "<rect id='a\"b'/>",
        "<rect src='x'/>", "<rect formaction='x'/>", "<rect unknown='1'/>", "<text>&nbsp;</text>",
            "<text>&#x202e;</text>", "<text>&#27;</text>", "<text>& x</text>",
        "<text>&#0;</text>", "<text>&#xd800;</text>", "<![CDATA[<script>]]>", "<?php x ?>", "<!DOCTYPE x>", "<g>",
            "</g>", "<g></path>", "<g><path></g></path>",
        "</svg><script>x()</script><svg>", "</svg><g></g><svg>", "</svg>text<svg>", "<g x='1", "<g x=\"1></g>", "<>",
            "<" };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *got = made(cases[i]);
        CHECK(got == NULL, "refused %zu", i);
        free(got);
    }
    char deep[4000] = "";
    for (int i = 0; i < 200; i++)
        strcat(deep, "<g>");
    CHECK(made(deep) == NULL, "what is nested too deep is refused");
}

int main(void)
{
    int fd = mkstemp(path);
    if (!CHECK(fd >= 0 && close(fd) == 0, "a file of one's own"))
        return 1;
    check_drawn();
    check_refused();
    unlink(path);
    return CHECK_DONE();
}
