package dev.sluice.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Text to token ids and back, as llama.cpp does it for byte-level vocabularies. Immutable and thread-safe.
 *
 * <p>A lone surrogate in a string is taken as U+FFFD.
 */
public final class Tokenizer {
    private static final Set<String> END_OF_GENERATION =
            Set.of("<|im_end|>", "<|endoftext|>", "<|fim_pad|>", "<|repo_name|>", "<|file_sep|>");

    private final Vocabulary vocabulary;
    private final PreTokenizer pre;
    private final BytePairEncoding bpe;
    private final Map<String, Integer> ids;
    private final SpecialTokens special;
    private final SpecialTokens userDefined;
    private final BitSet endOfGeneration = new BitSet();
    private final BitSet padding = new BitSet();

    private Tokenizer(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
        pre = PreTokenizer.of(vocabulary.pre());
        int size = vocabulary.tokens().size();
        ids = new HashMap<>(2 * size);
        for (int id = 0; id < size; id++) {
            ids.put(vocabulary.tokens().get(id), id);
            if (vocabulary.type(id) == Vocabulary.UNUSED) {
                padding.set(id);
            }
        }
        bpe = new BytePairEncoding(vocabulary.merges(), ids);
        special = new SpecialTokens(vocabulary.tokens(), vocabulary::isLiteral);
        userDefined = new SpecialTokens(vocabulary.tokens(), id -> vocabulary.type(id) == Vocabulary.USER_DEFINED);
        vocabulary.eos().ifPresent(endOfGeneration::set);
        vocabulary.eot().ifPresent(endOfGeneration::set);
        vocabulary.eom().ifPresent(endOfGeneration::set);
        END_OF_GENERATION.forEach(text -> idOf(text).ifPresent(endOfGeneration::set));
    }

    /**
     * Builds the tables of a vocabulary.
     *
     * @param vocabulary as read from a file
     * @return the tokenizer
     * @throws IllegalArgumentException if the pre-tokenizer is unknown, a merge is malformed, or the added tokens are absurdly
     *     long; the message names the GGUF key
     */
    public static Tokenizer of(Vocabulary vocabulary) {
        return new Tokenizer(vocabulary);
    }

    /** {@return values of {@code tokenizer.ggml.pre}, a pre-tokenizer, with which a vocabulary can be used} */
    public static List<String> preTokenizers() {
        return PreTokenizer.names();
    }

    /**
     * Encodes text that nobody vouches for: as {@link #encode(String, EncodeOptions)} with
     * {@link EncodeOptions#plain()}.
     *
     * @param text any
     * @return token ids; empty for empty text
     */
    public int[] encode(String text) {
        return encode(text, EncodeOptions.plain());
    }

    /**
     * {@return token ids of a text} No token is added at either end. Takes about linear time, whatever the text is, and up to
     * 100 bytes of memory for each of its characters.
     *
     * @param text any
     * @param options whether control tokens are parsed and the text is normalised
     */
    public int[] encode(String text, EncodeOptions options) {
        IntList out = new IntList();
        String sound = wellFormed(text);
        int from = 0;
        for (SpecialTokens.Match match : (options.parseSpecial() ? special : userDefined).find(sound)) {
            encodeRaw(sound.substring(from, match.start()), options.nfc(), out);
            out.add(match.id());
            from = match.end();
        }
        encodeRaw(sound.substring(from), options.nfc(), out);
        return out.toArray();
    }

    private void encodeRaw(String text, boolean nfc, IntList out) {
        String raw = nfc ? Nfc.normalize(text) : text;
        for (int at = 0; at < raw.length(); ) {
            int end = pre.next(raw, at);
            byte[] utf8 = utf8(raw.substring(at, end));
            bpe.encode(utf8, 0, utf8.length, out);
            at = end;
        }
    }

    /**
     * {@return the text of tokens, control tokens left out, invalid UTF-8 as U+FFFD}
     *
     * @param tokens each an id of the vocabulary
     */
    public String decode(int... tokens) {
        return decode(detokenizer(), tokens);
    }

    /**
     * {@return the text of tokens, control tokens included}
     *
     * @param tokens each an id of the vocabulary
     */
    public String decodeWithSpecial(int... tokens) {
        return decode(new Detokenizer(this, true), tokens);
    }

    private static String decode(Detokenizer detokenizer, int[] tokens) {
        StringBuilder text = new StringBuilder();
        for (int token : tokens) {
            text.append(detokenizer.accept(token));
        }
        return text.append(detokenizer.flush()).toString();
    }

    /** {@return a new detokenizer, for text that comes token by token; control tokens are left out} */
    public Detokenizer detokenizer() {
        return new Detokenizer(this, false);
    }

    /**
     * {@return the bytes that a token stands for; of added tokens, their text as UTF-8}
     *
     * @param id an id of the vocabulary
     */
    public byte[] bytes(int id) {
        String text = text(id);
        if (vocabulary.isLiteral(id)) {
            return utf8(text);
        }
        byte[] bytes = new byte[text.length()];
        for (int i = 0; i < bytes.length; i++) {
            int b = ByteMap.toByte(text.charAt(i));
            if (b < 0) {
                return utf8(text); // not byte-mapped after all
            }
            bytes[i] = (byte) b;
        }
        return bytes;
    }

    /**
     * {@return the token's text as the vocabulary has it}
     *
     * @param id an id of the vocabulary
     */
    public String text(int id) {
        return vocabulary.tokens().get(id);
    }

    /**
     * {@return the id of a vocabulary entry; of equal ones the last, as in llama.cpp}
     *
     * @param text as the vocabulary has it, byte-mapped for normal tokens
     */
    public OptionalInt idOf(String text) {
        Integer id = ids.get(text);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /** {@return number of ids} */
    public int size() {
        return vocabulary.tokens().size();
    }

    /** {@return the parts that it was made of} */
    public Vocabulary vocabulary() {
        return vocabulary;
    }

    boolean isControl(int id) {
        return vocabulary.type(id) == Vocabulary.CONTROL || vocabulary.type(id) == Vocabulary.UNKNOWN;
    }

    /**
     * {@return whether a reply ends with this token: the ids that the file names, and the family's own end markers}
     *
     * @param id any number
     */
    public boolean isEndOfGeneration(int id) {
        return endOfGeneration.get(id);
    }

    /**
     * {@return ids that pad the vocabulary (type 5), whose logits are untrained: never to be sampled; the caller's own
     * copy}
     */
    public BitSet padding() {
        return (BitSet) padding.clone();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String wellFormed(String text) {
        StringBuilder repaired = null;
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (Character.isHighSurrogate(text.charAt(i))
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1))) {
                    i++;
                } else {
                    repaired = repaired == null ? new StringBuilder(text) : repaired;
                    repaired.setCharAt(i, '\uFFFD');
                }
            }
        }
        return repaired == null ? text : repaired.toString();
    }
}
