package io.hawser.mapping;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A record's canonical constructor and accessors. */
final class RecordHandles {
    private final String name;
    private final MethodHandle constructor;
    private final List<MethodHandle> accessors = new ArrayList<>();

    /** @param path where it is used, for errors */
    RecordHandles(Class<?> type, List<Lookup> lookups, String path) {
        name = type.getSimpleName();
        RecordComponent[] components = type.getRecordComponents();
        constructor = find(constructor(type, components), type, lookups, path)
                .asSpreader(Object[].class, components.length)
                .asType(MethodType.methodType(Object.class, Object[].class));
        for (RecordComponent component : components) {
            accessors.add(find(component.getAccessor(), type, lookups, path)
                    .asType(MethodType.methodType(Object.class, Object.class)));
        }
    }

    private static Constructor<?> constructor(Class<?> type, RecordComponent[] components) {
        try {
            return type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
        } catch (NoSuchMethodException e) {
            throw new IllegalArgumentException(type.getName() + ": has no canonical constructor", e);
        }
    }

    private static MethodHandle find(AccessibleObject member, Class<?> type, List<Lookup> lookups, String path) {
        for (Lookup lookup : lookups) {
            MethodHandle handle = tryFind(member, lookup);
            if (handle != null) {
                return handle;
            }
        }
        MethodHandle handle = tryFind(member, MethodHandles.publicLookup());
        if (handle == null && member.trySetAccessible()) {
            handle = tryFind(member, MethodHandles.lookup());
        }
        if (handle == null) {
            throw new IllegalArgumentException(path + ": " + type.getName() + " is not accessible (expected: \""
                    + opens(type) + "\" in the module-info of "
                    + type.getModule().getName()
                    + ", or TermMapper.builder().lookup(MethodHandles.lookup()) called in a class that sees it)");
        }
        return handle;
    }

    private static @Nullable MethodHandle tryFind(AccessibleObject member, Lookup lookup) {
        try {
            return member instanceof Constructor<?> constructor
                    ? lookup.unreflectConstructor(constructor)
                    : lookup.unreflect((Method) member);
        } catch (IllegalAccessException e) {
            return null; // the next one may see it
        }
    }

    private static String opens(Class<?> type) {
        Module mapper = RecordHandles.class.getModule();
        return "opens " + type.getPackageName() + (mapper.isNamed() ? " to " + mapper.getName() : "") + ";";
    }

    /** Calls an accessor. */
    @Nullable
    Object component(Object value, int index) {
        try {
            return (Object) accessors.get(index).invokeExact(value);
        } catch (Throwable e) {
            throw Mismatch.thrown("the accessor", e);
        }
    }

    /** Calls the constructor. */
    Object make(Object[] components) {
        try {
            return (Object) constructor.invokeExact(components);
        } catch (Throwable e) {
            throw Mismatch.thrown("the constructor of " + name, e);
        }
    }
}
