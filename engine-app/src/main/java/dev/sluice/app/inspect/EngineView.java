package dev.sluice.app.inspect;

import dev.sluice.MemoryUse;
import dev.sluice.app.inspect.EngineSummary.Memory;
import dev.sluice.app.inspect.EngineSummary.Reason;
import dev.sluice.app.inspect.EngineSummary.SessionCost;
import java.util.List;
import java.util.Locale;

/** What the engine says of a file: its cost, and why it would be refused. */
final class EngineView {
    private static final int MOST_REASONS = 20;

    private final Page page;

    EngineView(Page page) {
        this.page = page;
    }

    void print(EngineSummary engine) {
        page.heading("Engine");
        if (engine.layers() > 0) {
            page.row(
                    "layers",
                    engine.layers()
                            + (engine.mtpBlocks() > 0 ? ", and " + engine.mtpBlocks() + " of MTP, not used" : ""));
            page.row("context length", String.format(Locale.ROOT, "%,d", engine.contextLength()));
        }
        engine.memory().ifPresent(memory -> print(memory, engine.contextLength()));
        print("warning", engine.warnings(), Page.Look.YELLOW);
        print("refused", engine.refusals(), Page.Look.RED);
        int reasons = engine.refusals().size();
        page.row(
                "supported",
                engine.supported() ? "yes" : "no, for " + reasons + (reasons == 1 ? " reason" : " reasons"),
                engine.supported() ? Page.Look.GREEN : Page.Look.RED);
    }

    private void print(String label, List<Reason> reasons, Page.Look look) {
        for (Reason reason : page.some(reasons, MOST_REASONS)) {
            page.row(label, Cells.printable(reason.message()), look);
        }
        page.rest("  ", reasons, MOST_REASONS, "of them");
    }

    private void print(Memory memory, long most) {
        page.row("weights", MemoryUse.text(memory.weightsBytes()) + ", mapped from the file");
        page.row("scratch", MemoryUse.text(memory.scratchBytes()) + ", for all sessions together");
        page.line("");
        page.line(page.look(Page.Look.DIM, cells("  ", "context", "KV cache, F16", "recurrent state", "a session")));
        for (SessionCost session : memory.sessions()) {
            page.line(cells(
                            session.asked() ? "→ " : "  ",
                            String.format(Locale.ROOT, "%,d", session.context()),
                            MemoryUse.text(session.kvCacheBytes()),
                            MemoryUse.text(session.recurrentStateBytes()),
                            MemoryUse.text(session.kvCacheBytes() + session.recurrentStateBytes()))
                    + (session.context() > most ? "  more than the model's" : ""));
        }
        page.line("");
    }

    private static String cells(String mark, String context, String kv, String recurrent, String sum) {
        return mark
                + Cells.right(context, 14)
                + Cells.right(kv, 16)
                + Cells.right(recurrent, 18)
                + Cells.right(sum, 13);
    }
}
