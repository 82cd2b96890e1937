/**
 * Text to token ids and back: special tokens, NFC, the pre-tokenizer's scanner, byte-level byte-pair encoding. The package
 * knows neither files nor models.
 */
package dev.sluice.tokenizer;
