package dev.sluice;

import dev.sluice.chat.Lane;
import dev.sluice.chat.ReplyLanes;
import dev.sluice.gguf.GgufException;
import dev.sluice.sample.Sampler;
import dev.sluice.sample.SamplingOptions;
import dev.sluice.tokenizer.Detokenizer;
import dev.sluice.tokenizer.EncodeOptions;
import dev.sluice.tokenizer.Tokenizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The loop of one generate call: forward, sample, stop rules, events. */
final class Generation {
    private final Session session;
    private final Model model;
    private final GenerateOptions options;
    private final Consumer<GenerateEvent> listener;
    private final Optional<Tokenizer> tokenizer;
    private final StopStrings stops;
    private final Map<Lane, StringBuilder> texts = new EnumMap<>(Lane.class);
    private final List<Integer> generated = new ArrayList<>();

    /** Splits a chat's reply into lanes; null for raw prompts, which are all content. */
    private ReplyLanes lanes;

    private int promptTokens;
    private int cachedTokens;
    private int sampled;

    Generation(Session session, GenerateOptions options, Consumer<GenerateEvent> listener) {
        this.session = session;
        this.model = session.model();
        this.options = options;
        this.listener = listener;
        this.tokenizer = model.tokenizer();
        this.stops = new StopStrings(options.stop());
        if (!options.stop().isEmpty()) {
            model.requireTokenizer();
        }
        for (Lane lane : Lane.values()) {
            texts.put(lane, new StringBuilder());
        }
    }

    GenerateResult run(Prompt prompt) {
        SamplingOptions sampling = model.sampling(options);
        Sampler sampler = new Sampler(sampling, model.padding());
        Detokenizer detokenizer = tokenizer.map(Tokenizer::detokenizer).orElse(null);
        long start = System.nanoTime();
        FinishReason finish = readPrompt(prompt) ? null : FinishReason.CANCELLED;
        sampler.acceptPrompt(session.tokens());
        long prompted = System.nanoTime();
        while (finish == null) {
            if (hasAllTokens()) { // none were asked for
                finish = FinishReason.LENGTH;
                break;
            }
            int token = sample(sampler);
            sampled++;
            if (!options.ignoreEndOfGeneration() && model.isEndOfGeneration(token)) {
                finish = FinishReason.STOP;
                break;
            }
            generated.add(token);
            sampler.accept(token);
            if (detokenizer != null) {
                emit(stops.accept(detokenizer.accept(token)));
            }
            if (stops.found()) {
                finish = FinishReason.STOP;
            } else if (session.room() == 0 || hasAllTokens()) {
                finish = FinishReason.LENGTH;
            } else if (!session.read(new int[] {token}, options.cancellation())) {
                finish = FinishReason.CANCELLED;
            }
        }
        if (detokenizer != null) {
            emit(stops.accept(detokenizer.flush()));
            emit(stops.finish());
            if (lanes != null) {
                lanes.finish().forEach(piece -> emit(piece.lane(), piece.text()));
            }
        }
        GenerateResult result = new GenerateResult(
                texts.get(Lane.CONTENT).toString(),
                texts.get(Lane.REASONING).toString(),
                List.copyOf(generated),
                finish,
                new Usage(promptTokens, cachedTokens, sampled),
                new Timings(Duration.ofNanos(prompted - start), Duration.ofNanos(System.nanoTime() - prompted)),
                sampling);
        listener.accept(new GenerateEvent.Done(result));
        return result;
    }

    /** Logits that nothing can be drawn from come of weights that are damaged. */
    private int sample(Sampler sampler) {
        try {
            return sampler.sample(session.logits(), 0, model.vocabularySize());
        } catch (IllegalStateException e) {
            throw new GgufException(model.file().name() + ": " + e.getMessage() + "; the weights are damaged");
        }
    }

    private boolean hasAllTokens() {
        return generated.size() >= options.maxTokens().orElse(Integer.MAX_VALUE);
    }

    /** False if cancelled. */
    private boolean readPrompt(Prompt prompt) {
        int[] ids =
                switch (prompt) {
                    case Prompt.Tokens tokens ->
                        tokens.ids().stream().mapToInt(Integer::intValue).toArray();
                    case Prompt.Text text -> model.requireTokenizer().encode(text.text(), EncodeOptions.withSpecial());
                    case Prompt.Chat chat -> renderChat(chat);
                };
        promptTokens = ids.length;
        return session.read(Arrays.copyOfRange(ids, cachedTokens, ids.length), options.cancellation());
    }

    private int[] renderChat(Prompt.Chat chat) {
        String text = model.chatTemplates().render(chat.messages(), chat.options());
        lanes = ReplyLanes.after(text);
        int[] ids = model.requireTokenizer().encode(text, EncodeOptions.withSpecial());
        cachedTokens = session.heldPrefix(ids);
        if (cachedTokens == ids.length) {
            cachedTokens = 0; // nothing would be read, and the logits of the last token are gone
        }
        if (cachedTokens == 0) {
            session.clear();
        }
        return ids;
    }

    private void emit(String text) {
        if (lanes == null) {
            emit(Lane.CONTENT, text);
        } else {
            lanes.accept(text).forEach(piece -> emit(piece.lane(), piece.text()));
        }
    }

    private void emit(Lane lane, String text) {
        if (!text.isEmpty()) {
            texts.get(lane).append(text);
            listener.accept(new GenerateEvent.Text(text, lane));
        }
    }
}
