package dev.sluice;

/**
 * Tokens of one generation.
 *
 * @param promptTokens tokens of the prompt
 * @param cachedTokens those of them that the session already held and did not read again
 * @param generatedTokens tokens sampled, the end-of-generation token included
 */
public record Usage(int promptTokens, int cachedTokens, int generatedTokens) {}
