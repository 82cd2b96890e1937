package dev.sluice.app;

/**
 * Checks the JVM before any class that needs it is loaded. Compiled for an old release, so that an old JVM can say what is
 * missing.
 */
public final class Main {
    private static final int JDK = 25;

    private Main() {}

    public static void main(String[] args) {
        if (Runtime.version().feature() < JDK) {
            fail("needs a JDK " + JDK + ", this is " + Runtime.version() + "; install one, for example package temurin-25-jdk");
        }
        if (!ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
            fail("needs the Vector API; add --add-modules jdk.incubator.vector to the java command");
        }
        try {
            Class.forName("dev.sluice.app.Program").getMethod("main", String[].class).invoke(null, (Object) args);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the program is incomplete", e);
        }
    }

    private static void fail(String message) {
        System.err.println("sluice: " + message);
        System.exit(2);
    }
}
