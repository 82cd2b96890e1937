/**
 * Conversations: what is said, and the terminal or pipe it is said through. JLine edits the line and asks the terminal by
 * {@code stty}: its other ways load native code, which makes the JVM print warnings.
 */
package dev.sluice.app.chat;
