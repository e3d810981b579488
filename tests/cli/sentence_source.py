"""sentence_source.py - the sentences that report, show, path, plan, preflight and compare can print: every string literal of their C sources that
has three words or more, of compare's two. Literals of #include, of errors about bad input, and of --help do not count."""
import glob
import os
import re

# Files by name, wherever they are below lib/ and cli/: what speaks of data.
FILES = """takeaways takeaways_hops hops_text incident_hops takeaways_incidents takeaways_loss takeaways_places takeaways_usual takeaways_symmetry takeaways_records takeaways_delays html_delays markdown_delays wording incidents incident_text validity validity_path validity_place validity_sequence artefacts scope event_list figures tcp_figures loss
    markdown markdown_detail markdown_incidents markdown_hours markdown_path html html_glance html_incidents html_events html_hours html_matrix html_tables html_charts html_data html_trips
    report report_left_out report_detail report_rate report_unknown report_pairs report_sites charts plot_all plot_heat plot_hub plot_leg plot_matrix plot_distribution plot_marks
    plot_layers quantity quantity_tcp path_finding path_judge path_verdict path_verdict_host path_theory formula formula_figures preflight
    show_text print report_print report_incidents cmd_show cmd_report path_print cmd_path_measure cmd_plan cmd_preflight gaps warnings
    objective_judge report_objectives html_objectives markdown_objectives objective_args plan_objectives trend_text trend_html trend_markdown trend_draw trend_plot trend_plot_maps trend_charts trend_month trend_objectives""".split()
# Those of compare, whose sentences are short: two words are one.
COMPARE = "compare compare_legs compare_text compare_words cmd_compare html_compare html_compare_draw markdown_compare".split()
TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'|\n\s*#[^\n]*|[A-Za-z_]\w*|[^\sA-Za-z_]', re.S)


def words(text):
    text = re.sub(r"<[^>]*>|&\w+;|\\[nrt]", " ", text.replace('\\"', '"'))
    text = re.sub(r"%[-+ #0]*[\d.*]*(?:l|ll|z|h)?[a-zA-Z]|%%", " ", text)
    return [w for w in re.split(r"[^A-Za-z'-]+", text) if len(w) > 1]


def literals(path):
    """(literal, call): adjacent ones are one; call is the text of the innermost open call or initializer before it."""
    tokens, out, stack, run = TOKEN.findall("\n" + open(path, encoding="utf-8").read()), [], [], None
    tokens = [t for t in tokens if not t.startswith(("//", "/*"))]
    before = ""
    for t in tokens:
        if t.startswith('"'):
            run = (run or "") + t[1:-1]
            continue
        if run is not None and not t.isupper():
            out.append((run, stack[-1] if stack else before))
            run = None
        if t == "(":
            stack.append(before)
        elif t == ")" and stack:
            stack.pop()
        before = t
    return out


def all_sentences(top="."):
    found = {}
    for folder in ("lib", "cli"):
        for path in sorted(glob.glob(os.path.join(top, folder, "**", "*.c"), recursive=True)):
            name = os.path.basename(path)[:-2]
            if name not in FILES + COMPARE:
                continue
            source = open(path, encoding="utf-8").read()
            usage = re.search(r"usage\[\] =(.*?);\n", source, re.S)
            for text, call in literals(path):
                if len(words(text)) < (2 if name in COMPARE else 3) or not re.search(r"\S\s+\S", text.replace("\\n", "\n")) or call in ("error_set", "cmd_misused", "args_integer", "args_real") or re.match(r"usage: |  (?:-\w, )?--", text):
                    continue
                if usage and text[:40] in usage.group(1):
                    continue
                found.setdefault(text, os.path.basename(path))
    return found


if __name__ == "__main__":
    for text, path in all_sentences().items():
        print("%s\t%s" % (path, text))
