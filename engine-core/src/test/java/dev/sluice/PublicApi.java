package dev.sluice;

import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a user of the library can name, a line each, as in source code without package names. What follows from the kind of a
 * type is left out: accessors and canonical constructors of records, {@code values} of enums, and everywhere
 * {@code equals}, {@code hashCode} and {@code toString}.
 */
final class PublicApi {
    private static final Set<String> OF_OBJECTS = Set.of("equals", "hashCode", "toString");

    private PublicApi() {}

    static boolean visible(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    /** A type and its members. */
    static String describe(Class<?> type) {
        List<String> members = new ArrayList<>();
        fields(type).map(PublicApi::field).forEach(members::add);
        Arrays.stream(type.getDeclaredConstructors())
                .filter(constructor -> visible(constructor.getModifiers()) && !isCanonical(constructor))
                .map(constructor -> type.getSimpleName() + parameters(constructor))
                .sorted()
                .forEach(members::add);
        methods(type)
                .sorted(Comparator.comparing(Method::getName).thenComparing(PublicApi::method))
                .map(PublicApi::method)
                .forEach(members::add);
        return Stream.concat(Stream.of(heading(type)), members.stream().map(member -> "    " + member))
                        .collect(Collectors.joining("\n"))
                + "\n";
    }

    /** The packages of all types that its heading and members speak of. */
    static Set<String> packages(Class<?> type) {
        Stream<Type> types = Stream.of(
                        Stream.of(type.getGenericSuperclass()),
                        Arrays.stream(type.getGenericInterfaces()),
                        fields(type).map(Field::getGenericType),
                        Arrays.stream(type.getDeclaredConstructors())
                                .filter(constructor -> visible(constructor.getModifiers()))
                                .flatMap(constructor -> Arrays.stream(constructor.getGenericParameterTypes())),
                        methods(type).map(Method::getGenericReturnType),
                        methods(type).flatMap(method -> Arrays.stream(method.getGenericParameterTypes())))
                .flatMap(all -> all);
        return types.filter(t -> t != null)
                .flatMap(t -> Arrays.stream(t.getTypeName().split("[<>,?\\[\\] ]+")))
                .filter(name -> name.contains("."))
                .map(name -> name.replaceFirst("\\.[A-Z].*", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String heading(Class<?> type) {
        StringBuilder text = new StringBuilder(type.isSealed() ? "sealed " : "");
        if (type.isRecord()) {
            text.append("record ").append(name(type)).append(components(type));
        } else if (type.isEnum()) {
            text.append("enum ").append(name(type));
        } else if (type.isInterface()) {
            text.append("interface ").append(name(type));
        } else {
            text.append(Modifier.isFinal(type.getModifiers()) ? "final " : "")
                    .append(Modifier.isAbstract(type.getModifiers()) ? "abstract " : "")
                    .append("class ")
                    .append(name(type));
        }
        Type parent = type.getGenericSuperclass();
        if (parent != null && parent != Object.class && !type.isRecord() && !type.isEnum()) {
            text.append(" extends ").append(name(parent));
        }
        text.append(list(type.isInterface() ? " extends " : " implements ", type.getGenericInterfaces()));
        return text.append(type.isSealed() ? list(" permits ", type.getPermittedSubclasses()) : "")
                .toString();
    }

    private static String components(Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .map(component -> name(component.getGenericType()) + " " + component.getName())
                .collect(Collectors.joining(", ", "(", ")"));
    }

    private static Stream<Field> fields(Class<?> type) {
        return Arrays.stream(type.getDeclaredFields()).filter(field -> visible(field.getModifiers()));
    }

    private static Stream<Method> methods(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> visible(method.getModifiers()) && !method.isSynthetic())
                .filter(method -> !OF_OBJECTS.contains(method.getName()))
                .filter(method -> !(type.isRecord() && isAccessor(method)))
                .filter(method -> !(type.isEnum() && isOfEnums(method)));
    }

    private static boolean isCanonical(Constructor<?> constructor) {
        Class<?> type = constructor.getDeclaringClass();
        return type.isRecord()
                && Arrays.equals(
                        constructor.getParameterTypes(),
                        Arrays.stream(type.getRecordComponents())
                                .map(component -> component.getType())
                                .toArray());
    }

    private static boolean isAccessor(Method method) {
        return Arrays.stream(method.getDeclaringClass().getRecordComponents())
                .anyMatch(component -> component.getAccessor().equals(method));
    }

    private static boolean isOfEnums(Method method) {
        return method.getName().equals("values") || method.getName().equals("valueOf");
    }

    private static String field(Field field) {
        if (field.isEnumConstant()) {
            return field.getName();
        }
        String text = modifiers(field.getModifiers()) + name(field.getGenericType()) + " " + field.getName();
        try {
            boolean constant = Modifier.isStatic(field.getModifiers())
                    && (field.getType().isPrimitive() || field.getType() == String.class);
            return constant ? text + " = " + field.get(null) : text;
        } catch (IllegalAccessException e) {
            return text;
        }
    }

    private static String method(Method method) {
        boolean ofInterface = method.getDeclaringClass().isInterface();
        String modifiers = method.isDefault()
                ? "default "
                : modifiers(method.getModifiers() & (ofInterface ? ~Modifier.ABSTRACT : ~Modifier.FINAL));
        String variables = list("<", method.getTypeParameters()) + (method.getTypeParameters().length > 0 ? "> " : "");
        return modifiers
                + variables
                + name(method.getGenericReturnType())
                + " "
                + method.getName()
                + parameters(method)
                + list(" throws ", method.getGenericExceptionTypes());
    }

    private static String modifiers(int modifiers) {
        String shown = Modifier.toString(
                modifiers & (Modifier.PROTECTED | Modifier.STATIC | Modifier.ABSTRACT | Modifier.FINAL));
        return shown.isEmpty() ? "" : shown + " ";
    }

    private static String parameters(Executable executable) {
        String all = Arrays.stream(executable.getGenericParameterTypes())
                .map(PublicApi::name)
                .collect(Collectors.joining(", ", "(", ")"));
        return executable.isVarArgs() ? all.replaceFirst("\\[]\\)$", "...)") : all;
    }

    private static String list(String before, Type[] types) {
        return types.length == 0
                ? ""
                : Arrays.stream(types).map(PublicApi::name).collect(Collectors.joining(", ", before, ""));
    }

    private static String name(Type type) {
        return type.getTypeName()
                .replaceAll("\\b(?:[a-z_0-9]+\\.)+(?=[A-Z])", "")
                .replace('$', '.');
    }
}
