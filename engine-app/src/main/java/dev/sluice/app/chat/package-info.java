/**
 * Conversations: what is said, and the terminal or pipe it is said through. JLine edits the line; it asks the terminal by
 * {@code stty} and {@code tty}, because its native way makes the JVM print warnings.
 */
package dev.sluice.app.chat;
