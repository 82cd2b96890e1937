package dev.sluice;

import dev.sluice.arch.Architectures;
import dev.sluice.arch.Decoder;
import dev.sluice.chat.ChatTemplate;
import dev.sluice.chat.TemplateException;
import dev.sluice.cpu.CpuOps;
import dev.sluice.cpu.format.Formats;
import dev.sluice.gguf.Gguf;
import dev.sluice.gguf.GgufException;
import dev.sluice.gguf.Tensor;
import dev.sluice.gguf.TensorType;
import dev.sluice.gguf.UnsupportedModelException;
import dev.sluice.op.Step;
import dev.sluice.sample.SamplingOptions;
import dev.sluice.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What the engine says of a file, without loading it: everything that it refuses in it, and what the model and a session
 * would cost. Weights are not read. The file stays the caller's.
 */
public final class Inspection {
    /** Findings at which the search for more ends: a hostile file may have millions. */
    private static final int MOST_FINDINGS = 10_000;

    private final Gguf file;
    private final List<Finding> findings = new ArrayList<>();
    private final Map<TensorType, Set<String>> uncomputed = new EnumMap<>(TensorType.class);
    private final Optional<Decoder> decoder;
    private final long scratch;
    private final Optional<Tokenizer> tokenizer;
    private final ChatTemplates templates;
    private final Optional<SamplingOptions> sampling;

    private Inspection(Gguf file, LoadOptions options) {
        this.file = file;
        try (CpuOps plan = CpuOps.plan(options.maxRows(), options.repack().room())) {
            Optional<Decoder> bound = bind(plan);
            tokenizer = attempt(Finding.Kind.TOKENIZER, true, "", () -> TokenizerKeys.tokenizer(file))
                    .flatMap(found -> found);
            decoder = isRefused() ? Optional.empty() : bound;
            decoder.ifPresent(sound -> plan.run(sound::forward, new Step(options.maxRows())));
            scratch = plan.scratchBytes();
            bound.ifPresent(this::leaveOut);
        }
        templates = new ChatTemplates(file, tokenizer);
        for (String name : templates.names()) {
            attempt(Finding.Kind.CHAT_TEMPLATE, false, "chat template " + name + ": ", () -> chatTemplate(name));
        }
        SamplingKeys keys = new SamplingKeys(file);
        sampling = attempt(Finding.Kind.SAMPLING, false, "", () -> keys.resolve(GenerateOptions.defaults()));
        for (String key : keys.unsupported()) {
            findings.add(Finding.of(Finding.Kind.SAMPLING, false, key + " is not supported and ignored"));
        }
        findings.sort(Comparator.comparing(finding -> !finding.fatal()));
    }

    /**
     * Inspects an open file, for the default options of loading.
     *
     * @param file stays the caller's; to be open for as long as the inspection is used
     * @return what the engine says of it
     */
    public static Inspection of(Gguf file) {
        return of(file, LoadOptions.defaults());
    }

    /**
     * Inspects an open file.
     *
     * @param file stays the caller's; to be open for as long as the inspection is used
     * @param options how the model would be loaded; scratch and copies of weights follow from it
     * @return what the engine says of the file
     */
    public static Inspection of(Gguf file, LoadOptions options) {
        return new Inspection(file, options);
    }

    private Optional<Decoder> bind(CpuOps plan) {
        Optional<Decoder> bound = Optional.empty();
        List<RuntimeException> told = new ArrayList<>();
        try {
            bound = Optional.of(Architectures.bind(file, plan, (tensor, problem) -> {
                told.add(problem);
                addProblem(tensor, problem);
                if (told.size() >= MOST_FINDINGS) {
                    throw problem;
                }
            }));
        } catch (GgufException | UnsupportedModelException e) {
            if (!told.contains(e)) {
                addProblem("", e);
            }
        }
        if (bound.isEmpty()) { // then not all tensors were looked at
            for (Tensor tensor : file.tensors()) {
                if (!Formats.supports(tensor.type())) {
                    addUncomputed(tensor);
                }
            }
        }
        uncomputed.forEach((type, names) -> findings.add(new Finding(
                Finding.Kind.TENSOR_TYPE,
                true,
                names.size() + (names.size() == 1 ? " tensor is" : " tensors are") + " of type " + type
                        + ", which cannot be computed, the first is "
                        + names.iterator().next() + "; supported: "
                        + Formats.all().stream()
                                .map(format -> format.type().name())
                                .collect(Collectors.joining(", ")),
                List.copyOf(names))));
        return bound;
    }

    private void addProblem(String name, RuntimeException problem) {
        Optional<Tensor> tensor = file.find(name);
        if (problem instanceof UnsupportedModelException
                && tensor.isPresent()
                && !Formats.supports(tensor.get().type())) {
            addUncomputed(tensor.get());
        } else if (!name.isEmpty()) {
            findings.add(new Finding(Finding.Kind.TENSOR, true, message(problem), List.of(name)));
        } else {
            boolean known = file.metadata()
                    .find("general.architecture")
                    .filter(value -> value instanceof String text
                            && Architectures.names().contains(text))
                    .isPresent();
            findings.add(Finding.of(known ? Finding.Kind.KEY : Finding.Kind.ARCHITECTURE, true, message(problem)));
        }
    }

    private void addUncomputed(Tensor tensor) {
        uncomputed.computeIfAbsent(tensor.type(), type -> new LinkedHashSet<>()).add(tensor.name());
    }

    private void leaveOut(Decoder bound) {
        bound.nextn()
                .problem()
                .ifPresent(
                        problem -> findings.add(Finding.of(Finding.Kind.MTP, false, "MTP: " + withoutFile(problem))));
        List<String> ignored = bound.ignored();
        if (!ignored.isEmpty()) {
            findings.add(new Finding(
                    Finding.Kind.IGNORED_TENSORS,
                    false,
                    ignored.size() + (ignored.size() == 1 ? " tensor is" : " tensors are")
                            + " unknown and ignored, the first is " + ignored.getFirst(),
                    ignored));
        }
    }

    /** @param subject start of the message */
    private <T> Optional<T> attempt(Finding.Kind kind, boolean fatal, String subject, Supplier<T> attempt) {
        try {
            return Optional.of(attempt.get());
        } catch (GgufException | UnsupportedModelException | TemplateException e) {
            findings.add(Finding.of(kind, fatal, subject + message(e)));
            return Optional.empty();
        }
    }

    private String message(RuntimeException e) {
        return withoutFile(e.getMessage());
    }

    private String withoutFile(String message) {
        String prefix = file.name() + ": ";
        return message.startsWith(prefix) ? message.substring(prefix.length()) : message;
    }

    /** {@return everything found, what keeps the file from being loaded first} Of keys that belong together, the first bad one. */
    public List<Finding> findings() {
        return List.copyOf(findings);
    }

    /** {@return whether {@link Model#load} would refuse the file} */
    public boolean isRefused() {
        return findings.stream().anyMatch(Finding::fatal);
    }

    /** {@return the tokenizer; empty where the file has none, or one that is refused} */
    public Optional<Tokenizer> tokenizer() {
        return tokenizer;
    }

    /** {@return names of the file's chat templates, in alphabetical order} */
    public List<String> chatTemplateNames() {
        return List.copyOf(templates.names());
    }

    /**
     * {@return the chat template of this name}
     *
     * @param name one of {@link #chatTemplateNames()}
     * @throws IllegalArgumentException if the file has none of this name
     * @throws TemplateException if it is malformed
     * @throws GgufException if it is not text
     */
    public ChatTemplate chatTemplate(String name) {
        return templates.find(name).orElseThrow(() -> new IllegalArgumentException("no chat template " + name));
    }

    /** {@return what a request gets that names no sampling settings; empty where a key of the file is bad} */
    public Optional<SamplingOptions> defaultSampling() {
        return sampling;
    }

    /**
     * {@return what the model takes when it has been loaded, and a session of this size}
     *
     * @param options what the session would be made for
     * @throws IllegalStateException if the file is refused
     */
    public MemoryUse memory(SessionOptions options) {
        if (decoder.isEmpty()) {
            throw new IllegalStateException(file.name() + ": the file is refused, and so has no cost");
        }
        return MemoryUse.of(file, scratch, decoder.get().states(), options);
    }
}
