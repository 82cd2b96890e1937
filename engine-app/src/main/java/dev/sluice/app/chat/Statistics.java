package dev.sluice.app.chat;

import dev.sluice.GenerateResult;
import dev.sluice.MemoryUse;
import dev.sluice.Session;
import dev.sluice.Usage;
import java.time.Duration;
import java.util.Locale;

/** What /stats prints. */
final class Statistics {
    private Statistics() {}

    static String of(Conversation conversation) {
        StringBuilder text = new StringBuilder();
        conversation.last().ifPresent(turn -> text.append(turn(turn)));
        Session session = conversation.session();
        text.append(line(
                "context",
                "%d of %d tokens",
                session.position(),
                session.options().contextLength()));
        MemoryUse memory = session.model().memory(session.options());
        Runtime heap = Runtime.getRuntime();
        text.append(line("weights", "%s, mapped", MemoryUse.text(memory.weights())));
        text.append(
                line("session", "%s of at most %s", MemoryUse.text(session.bytes()), MemoryUse.text(memory.session())));
        text.append(line(
                "heap",
                "%s, working memory %s",
                MemoryUse.text(heap.totalMemory() - heap.freeMemory()),
                MemoryUse.text(memory.scratch())));
        return text.toString();
    }

    private static String turn(Conversation.Turn turn) {
        GenerateResult result = turn.result();
        Usage usage = result.usage();
        int read = usage.promptTokens() - usage.cachedTokens();
        return line(
                        "prompt",
                        "%d tokens: %d cached, %d read (%d of them again), %s",
                        usage.promptTokens(),
                        usage.cachedTokens(),
                        read,
                        turn.rereadTokens(),
                        speed(read, result.timings().prompt()))
                + line(
                        "reply",
                        "%d tokens, %s; seed %d",
                        usage.generatedTokens(),
                        speed(usage.generatedTokens(), result.timings().generation()),
                        result.sampling().seed());
    }

    private static String speed(int tokens, Duration time) {
        return String.format(Locale.ROOT, "%.1f tokens/s", tokens / (Math.max(1, time.toNanos()) / 1e9));
    }

    private static String line(String name, String format, Object... values) {
        return String.format(Locale.ROOT, "%-8s %s%n", name, String.format(Locale.ROOT, format, values));
    }
}
