/* test_html_svg.c - which pictures the page accepts, and in which form: those that gnuplot draws, and nothing that
 * could do more. */

#include <math.h>
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
            "<g id=\"p-a\" fill=\"rgb(1, 2, 3)\"><path d=\"M1.2 5.7l7.8-5.7\"/></g>" },
        { "<use xlink:href='#a' transform=\"rotate(45)\"/>", "<use href=\"#p-a\" transform=\"rotate(45)\"/>" },
        { "<rect clip-path='url(#a)'/>", "<rect clip-path=\"url(#p-a)\"/>" },
        { "<text font-family=\"DejaVu Sans,'Arial'\">a &lt; b &#233; M\xc3\xbc</text>",
            "<text font-family=\"DejaVu Sans,'Arial'\">a &lt; b &#233; M\xc3\xbc</text>" },
        { "<text>a\xe2\x80\xae" "b\x1b</text>", "<text>a b </text>" },
        { "<path style='fill:none;onload:x()' d=''/>", "<path d=\"\"/>" },
        { "<!-- onload=x --><rect/>", "<rect/>" },
        { "<title>a <b onload=x></title><rect/>", "<rect/>" },
        /* Groups that draw nothing are omitted; whatever draws something stays. */
        { "<rect/><g fill='red'><g>\n</g> </g><g/><g><desc>x</desc></g><circle/>", "<rect/><circle/>" },
        { "<g><g></g><g><text>a</text></g><g></g></g>", "<g><g><text>a</text></g></g>" },
        { "<g><defs></defs></g>", "<g><defs></defs></g>" },
        /* Lines and areas: relative tenths; other commands as they are. */
        { "<path d='M10.04,20.06 L10.04,30 M11.04,20 L12.5,20 L13.5,21.25 15,22 '/>",
            "<path d=\"M10 20.1v9.9m1-10h1.5l1 1.3 1.5 .7\"/>" },
        { "<polygon points = '211.00,494.71 2755.98,494.71 2755.98,155.58 '/>",
            "<path d=\"M211 494.7h2545v-339.1z\"/>" },
        { "<polygon points='0,0 1,1'></polygon>", "<path d=\"M0 0l1 1z\"></path>" },
        { "<path d='M-1,0 h2 M0,-1 v2'/>", "<path d=\"M-1,0 h2 M0,-1 v2\"/>" },
        { "<path d='M1,2 L3'/>", "<path d=\"M1,2 L3\"/>" },
        { "<path d='L1,2'/>", "<path d=\"L1,2\"/>" },
        { "<path d='M1,2 L99999999999999999999,3'/>", "<path d=\"M1,2 L99999999999999999999,3\"/>" } };
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
            "<", "<polygon points='1,2 3'/>", "<polygon points=''/>", "<polygon points='1,2 h3'/>",
            "<g></g/>", "<polyline points='1,2 3,4'/>" };
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

/* A line of 2,000 steps with two decimals, as gnuplot writes them: what the page draws is within half a tenth of each
 * of them, to the last one, and takes less than half the bytes. */
static void check_exact(void)
{
    double *x = calloc(2000, sizeof *x), *y = calloc(2000, sizeof *y), worst = 0, at[2] = { 0, 0 };
    char *d = NULL, *out = NULL, *p;
    size_t size = 0, n = 0, i = 0;
    FILE *stream = open_memstream(&d, &size);
    for (i = 0; i < 2000; i++) {
        x[i] = floor(100 * (200 + 0.9977 * (double)(i / 2))) / 100;
        y[i] = (double)(i * 7919 % 60000) / 100;
        fprintf(stream, "%c%.2f,%.2f ", i % 2 ? 'L' : 'M', x[i], y[i]);
    }
    fclose(stream);
    stream = open_memstream(&out, &n);
    CHECK(html_write_path(stream, d, size, false), "a path of lines");
    fclose(stream);
    p = out;
    for (i = 0; i < 2000 && p && *p; i++) {
        bool is_first = *p == 'M';
        char command = *p++;
        at[0] = command == 'v' ? at[0] : (is_first ? 0 : at[0]) + strtod(p, &p);
        at[1] = command == 'h' ? at[1] : (is_first ? 0 : at[1]) + strtod(p, &p);
        worst = fmax(worst, fmax(fabs(at[0] - x[i]), fabs(at[1] - y[i])));
    }
    CHECK(i == 2000 && p && *p == 0 && worst < 0.0501, "%zu points, at most %g of a pixel away", i, worst);
    CHECK(2 * n < size, "%zu bytes instead of %zu", n, size);
    free(x);
    free(y);
    free(d);
    free(out);
}

/* The limit is on what the page gets, not on gnuplot's file. */
static void check_limit(void)
{
    char svg[4000] = "<svg>", *out = NULL;
    size_t n = 0, size = 0;
    for (int i = 0; i < 100; i++)
        strcat(svg, "<g fill='red'></g>");
    strcat(svg, "<rect/></svg>");
    file_write(path, svg, strlen(svg), NULL);
    FILE *stream = open_memstream(&out, &size);
    CHECK(html_write_svg(stream, path, "t", "p-", 100, &n) && n < 100, "a long file, %zu bytes in the page", n);
    CHECK(!html_write_svg(stream, path, "t", "p-", n - 1, &n) && n == 0, "a byte too many for the page");
    fclose(stream);
    free(out);
}

int main(void)
{
    int fd = mkstemp(path);
    if (!CHECK(fd >= 0 && close(fd) == 0, "a file of one's own"))
        return 1;
    check_drawn();
    check_refused();
    check_exact();
    check_limit();
    unlink(path);
    return CHECK_DONE();
}
