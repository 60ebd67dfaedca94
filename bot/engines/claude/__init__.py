"""Claude answers and rewrites, through Anthropic's SDK or any server with the same interface.

It is not trusted: an answer is released sentence by sentence, each with lines of the lessons that it rests on and after
the claim finder has passed it; a rewrite is a proposal that `bot.core.review` checks. When the model fails, in whatever
way, the lessons engine replies in its place.
"""
