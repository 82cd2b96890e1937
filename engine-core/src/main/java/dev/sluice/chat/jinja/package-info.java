/**
 * The part of Jinja that chat templates use, with Python's behaviour of values, for text that nobody vouches for:
 * {@link dev.sluice.chat.jinja.JinjaTemplate} parses, and renders within limits.
 *
 * <p>The path: {@code Lexer} to {@code Parser} and {@code ExpressionParser}, which make {@code Statement} and
 * {@code Expression}; {@code Interpreter} runs them on values that {@code Values}, {@code Text}, {@code Filters},
 * {@code Tests}, {@code Methods} and {@code Globals} give Python's ways. Values: null is None, then Boolean, Long (or
 * BigInteger from outside), Double, String, Tuple, List, View, Generator, Map, Namespace, Callable, Undefined.
 *
 * <p>Differences from Jinja: nothing is ever escaped, so {@code safe} does nothing; integers have 64 bits and overflow is
 * an error; true, 1 and 1.0 are different keys of a dictionary; what Python prints with an address or as a call (a
 * generator, a range, a function) cannot be printed. What would change a value (append, update) does not exist, as in the
 * sandbox that Hugging Face uses. Refused by name: recursive loops, {@code varargs} and {@code kwargs}, blocks, includes
 * and imports, and the filters that no chat template uses.
 */
package dev.sluice.chat.jinja;
