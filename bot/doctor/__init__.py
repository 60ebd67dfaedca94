"""`coach doctor`: what is right and wrong with a set-up, one module a subject. Nothing here changes anything.

What is said goes into tickets. It names settings and never holds what they are set to, nor what a server or an error
says in its own words: of answers only numbers and codes that are known here.
"""
