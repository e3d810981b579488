/* serve_tokens.h - tokens of user authentication: each is accepted once. */
#ifndef SERVE_TOKENS_H
#define SERVE_TOKENS_H

#include <stdbool.h>
#include <stdint.h>

struct serve_tokens;

/* NULL when out of memory. */
struct serve_tokens *serve_tokens_new(void);
void serve_tokens_free(struct serve_tokens *tokens);

/* Returns false if the token was used before, within the time in which libiperf would accept it. */
bool serve_tokens_take(struct serve_tokens *tokens, const char *token, int64_t now);

#endif
