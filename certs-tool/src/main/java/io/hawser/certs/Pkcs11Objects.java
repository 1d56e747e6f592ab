package io.hawser.certs;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The objects in a token by their CKA_ID, which the JDK's key store knows and does not tell. It is read through the JDK's own
 * wrapper of PKCS#11, whose package this program's manifest has exported ({@code Add-Exports}); a JVM that was started in
 * another way needs the option for it. Reads only. Not thread-safe; used with a token that is logged in.
 */
final class Pkcs11Objects {
    static final String PACKAGE = "sun.security.pkcs11.wrapper";

    /** PKCS#11 3.0, section 3 and following: object classes and attributes. */
    private static final long CKO_CERTIFICATE = 1;

    private static final long CKO_PRIVATE_KEY = 3;
    private static final long CKA_CLASS = 0;
    private static final long CKA_TOKEN = 1;
    private static final long CKA_LABEL = 3;
    private static final long CKA_VALUE = 0x11;
    private static final long CKA_ID = 0x102;
    private static final long CKF_SERIAL_SESSION = 4;
    private static final int MAX_OBJECTS = 64;

    private final Object library;
    private final Class<?> attributeType;
    private final long session;

    private Pkcs11Objects(Object library, Class<?> attributeType, long session) {
        this.library = library;
        this.attributeType = attributeType;
        this.session = session;
    }

    /**
     * What has one id.
     *
     * @param keys how many private keys
     * @param labels of those keys and of the certificates, for messages
     * @param certificates in DER
     */
    record Found(int keys, List<String> labels, List<byte[]> certificates) {
        Found {
            labels = List.copyOf(labels);
            certificates = List.copyOf(certificates);
        }
    }

    /** Looks for an id, given in hexadecimal digits. */
    static Found find(Path module, long slot, String id) {
        try {
            Class<?> type = Class.forName(PACKAGE + ".PKCS11");
            Class<?> arguments = Class.forName(PACKAGE + ".CK_C_INITIALIZE_ARGS");
            // the one that the provider made of the same library
            Object library = type.getMethod("getInstance", String.class, String.class, arguments, boolean.class)
                    .invoke(null, module.toString(), "C_GetFunctionList", null, true);
            Class<?> notify = Class.forName(PACKAGE + ".CK_NOTIFY");
            long session = (long) type.getMethod("C_OpenSession", long.class, long.class, Object.class, notify)
                    .invoke(library, slot, CKF_SERIAL_SESSION, null, null);
            try {
                return new Pkcs11Objects(library, Class.forName(PACKAGE + ".CK_ATTRIBUTE"), session).find(id);
            } finally {
                type.getMethod("C_CloseSession", long.class).invoke(library, session);
            }
        } catch (IllegalAccessException e) {
            throw Pkcs11Token.unavailable("this JVM does not show the ids of keys in tokens", e)
                    .hint("Use object=LABEL, or start it with --add-exports jdk.crypto.cryptoki/" + PACKAGE
                            + "=ALL-UNNAMED, as bin/certs-tool does");
        } catch (InvocationTargetException e) {
            throw Pkcs11Token.unavailable("the token's objects cannot be read", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw Pkcs11Token.unavailable("this JDK's PKCS#11 wrapper is not known", e)
                    .hint("Use object=LABEL");
        }
    }

    private Found find(String id) throws ReflectiveOperationException {
        byte[] bytes = HexFormat.of().parseHex(id);
        long[] keys = objects(CKO_PRIVATE_KEY, bytes);
        long[] certificates = objects(CKO_CERTIFICATE, bytes);
        var labels = new ArrayList<String>();
        for (long key : keys) {
            labels.add(new String(value(key, CKA_LABEL), StandardCharsets.UTF_8));
        }
        var encoded = new ArrayList<byte[]>();
        for (long certificate : certificates) {
            labels.add(new String(value(certificate, CKA_LABEL), StandardCharsets.UTF_8));
            encoded.add(value(certificate, CKA_VALUE));
        }
        return new Found(keys.length, labels, encoded);
    }

    private long[] objects(long kind, byte[] id) throws ReflectiveOperationException {
        Object template = Array.newInstance(attributeType, 3);
        Array.set(template, 0, attribute(CKA_CLASS, kind));
        Array.set(template, 1, attribute(CKA_TOKEN, true));
        Array.set(template, 2, attribute(CKA_ID, id));
        call("C_FindObjectsInit", new Class<?>[] {long.class, template.getClass()}, session, template);
        try {
            return (long[]) call("C_FindObjects", new Class<?>[] {long.class, long.class}, session, (long) MAX_OBJECTS);
        } finally {
            call("C_FindObjectsFinal", new Class<?>[] {long.class}, session);
        }
    }

    /** Empty for an attribute that the token does not tell. */
    private byte[] value(long object, long type) throws ReflectiveOperationException {
        Object template = Array.newInstance(attributeType, 1);
        Array.set(template, 0, attributeType.getConstructor(long.class).newInstance(type));
        call(
                "C_GetAttributeValue",
                new Class<?>[] {long.class, long.class, template.getClass()},
                session,
                object,
                template);
        Field value = attributeType.getField("pValue");
        Object found = value.get(Array.get(template, 0));
        if (found instanceof char[] text) {
            return new String(text).getBytes(StandardCharsets.UTF_8);
        }
        return found instanceof byte[] bytes ? bytes : new byte[0];
    }

    private Object attribute(long type, Object value) throws ReflectiveOperationException {
        if (value instanceof Long number) {
            return attributeType.getConstructor(long.class, long.class).newInstance(type, number);
        }
        return attributeType.getConstructor(long.class, Object.class).newInstance(type, value);
    }

    private Object call(String name, Class<?>[] types, Object... arguments) throws ReflectiveOperationException {
        return library.getClass().getMethod(name, types).invoke(library, arguments);
    }
}
