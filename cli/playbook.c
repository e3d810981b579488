/* playbook.c - runs ansible-playbook with a playbook of the collection longhaul.fleet. Settings of the user's own
 * (ansible.cfg, ANSIBLE_...) have priority. */

#include "playbook.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cmd.h"
#include "log.h"

#define MOST_FORKS 50
#define PROGRAM "ansible-playbook"

/* The collection: as `make install` puts it there, or next to a build. false if it is nowhere. */
static bool find_collection(char *path, size_t size)
{
    static const char *const places[] = { "../share/longhaul/ansible_collections/longhaul/fleet",
                                          "../configs/ansible" };
    char self[PATH_MAX], there[PATH_MAX + 128];
    const char *own = getenv("LONGHAUL_ANSIBLE");
    if (own)
        return (size_t)snprintf(path, size, "%s", own) < size;
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    self[n > 0 ? n : 0] = 0;
    char *slash = strrchr(self, '/');
    if (slash)
        *slash = 0;
    for (size_t i = 0; slash && i < sizeof places / sizeof places[0]; i++) {
        snprintf(there, sizeof there, "%s/%s/playbooks", self, places[i]);
        if (access(there, R_OK) == 0)
            return (size_t)snprintf(path, size, "%s/%s", self, places[i]) < size;
    }
    return false;
}

static bool is_in_path(const char *program)
{
    const char *path = getenv("PATH");
    char *copy = strdup(path ? path : ""), *rest = copy, *dir, file[PATH_MAX];
    bool is_there = false;
    while (copy && !is_there && (dir = strsep(&rest, ":")) != NULL)
        is_there = (size_t)snprintf(file, sizeof file, "%s/%s", *dir ? dir : ".", program) < sizeof file &&
                   access(file, X_OK) == 0;
    free(copy);
    return is_there;
}

bool playbook_is_possible(void)
{
    char collection[2 * PATH_MAX];
    if (!is_in_path(PROGRAM)) {
        log_line("longhaul fleet: " PROGRAM " is not installed (Debian: ansible-core)");
        return false;
    }
    if (!find_collection(collection, sizeof collection)) {
        log_line("longhaul fleet: the playbooks are not installed: set LONGHAUL_ANSIBLE to the folder configs/ansible");
        return false;
    }
    return true;
}

/* Unless the user has set them. */
static void set_defaults(const char *collection, size_t n_hosts)
{
    char text[2 * PATH_MAX + 16];
    snprintf(text, sizeof text, "%s/roles", collection);
    setenv("ANSIBLE_ROLES_PATH", text, 0);
    snprintf(text, sizeof text, "%zu", n_hosts < 5 ? 5 : n_hosts > MOST_FORKS ? (size_t)MOST_FORKS : n_hosts);
    setenv("ANSIBLE_FORKS", text, 0);
    setenv("ANSIBLE_PIPELINING", "true", 0);
    setenv("ANSIBLE_TIMEOUT", "10", 0);
    setenv("ANSIBLE_NOCOWS", "true", 0);
    setenv("ANSIBLE_DISPLAY_SKIPPED_HOSTS", "false", 0);
    setenv("ANSIBLE_PYTHON_INTERPRETER", "auto_silent", 0);
    setenv("ANSIBLE_LOCALHOST_WARNING", "false", 0);
    setenv("ANSIBLE_RETRY_FILES_ENABLED", "false", 0);
}

static void say_command(char *const *words)
{
    char text[LOG_LINE_SIZE] = "";
    size_t n = 0;
    for (; *words && n < sizeof text - 1; words++)
        n += (size_t)snprintf(text + n, sizeof text - n, " %s", strpbrk(*words, " {") ? "'...'" : *words);
    log_line("longhaul fleet runs:%s", cmd_safe(text).text);
}

/* In the child. */
static void become(char *const *words, const char *log)
{
    int out = log ? open(log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) : -1;
    if (log && (out < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0))
        _exit(127);
    execvp(words[0], words);
    _exit(127);
}

static int run(char *const *words, const char *log)
{
    int status;
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0)
        become(words, log);
    if (pid < 0) {
        log_line("longhaul fleet: %s: %s", words[0], strerror(errno));
        return -1;
    }
    /* Ctrl-C goes to both: what it does to the playbook decides. */
    struct sigaction ignored = { .sa_handler = SIG_IGN }, before[2];
    sigaction(SIGINT, &ignored, &before[0]);
    sigaction(SIGQUIT, &ignored, &before[1]);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    sigaction(SIGINT, &before[0], NULL);
    sigaction(SIGQUIT, &before[1], NULL);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127) {
        log_line("longhaul fleet: %s could not be started", words[0]);
        return -1;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int playbook_run(const struct playbook *p)
{
    char collection[2 * PATH_MAX], file[2 * PATH_MAX + 64];
    char **words = calloc(p->n_arguments + 8, sizeof *words);
    size_t n = 0;
    if (words == NULL || !find_collection(collection, sizeof collection)) {
        free(words);
        return -1;
    }
    snprintf(file, sizeof file, "%s/playbooks/%s.yml", collection, p->name);
    set_defaults(collection, p->n_hosts);
    words[n++] = (char *)(uintptr_t)PROGRAM;
    words[n++] = (char *)(uintptr_t)"-i";
    words[n++] = (char *)(uintptr_t)p->inventory;
    words[n++] = file;
    words[n++] = (char *)(uintptr_t)"-e";
    words[n++] = (char *)(uintptr_t)p->variables;
    for (size_t i = 0; i < p->n_arguments; i++)
        words[n++] = p->arguments[i];
    say_command(words);
    int status = run(words, p->log);
    free(words);
    return status;
}
