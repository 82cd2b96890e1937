package dev.sluice.gguf;

/**
 * A well-formed file that this engine cannot run: another architecture, a tensor type without a decoder, a dialect. The
 * message names what was found and what is supported.
 */
public final class UnsupportedModelException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * An error about a sound file. The message becomes one line, as that of a {@link GgufException}.
     *
     * @param message the file, what was found, what is supported
     */
    public UnsupportedModelException(String message) {
        super(GgufException.oneLine(message));
    }
}
