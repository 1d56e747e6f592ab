package io.hawser.term;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Prints floats as OTP 25 does ({@code float_to_list(F, [short])}): as few digits as read back as the same float, of
 * those the closest; written out or with an exponent, whichever is shorter, and from 2^53 on with an exponent.
 */
final class ShortestFloat {
    private static final double TWO_TO_53 = 0x1p53;

    // the nearest first; at a power of two the interval reaches further up, so that only the other one may be inside
    private static final List<RoundingMode> ROUNDINGS =
            List.of(RoundingMode.HALF_EVEN, RoundingMode.UP, RoundingMode.DOWN);

    private ShortestFloat() {}

    static String print(double value) {
        String sign = Double.doubleToRawLongBits(value) < 0 ? "-" : "";
        double magnitude = Math.abs(value);
        if (magnitude == 0) {
            return sign + "0.0";
        }
        BigDecimal shortest = shortest(magnitude);
        String digits = shortest.unscaledValue().toString();
        // the value is d.ddd * 10^exponent
        int exponent = digits.length() - 1 - shortest.scale();
        String scientific = digits.charAt(0) + "." + (digits.length() > 1 ? digits.substring(1) : "0") + "e" + exponent;
        if (magnitude >= TWO_TO_53) {
            return sign + scientific;
        }
        int plainLength = exponent < 0
                ? digits.length() + 1 - exponent // 0.00ddd
                : Math.max(digits.length(), exponent + 2) + 1; // ddd.ddd or ddd00.0
        return sign + (plainLength <= scientific.length() ? plain(digits, exponent) : scientific);
    }

    private static String plain(String digits, int exponent) {
        if (exponent < 0) {
            return "0." + "0".repeat(-exponent - 1) + digits;
        }
        int whole = exponent + 1;
        if (digits.length() > whole) {
            return digits.substring(0, whole) + "." + digits.substring(whole);
        }
        return digits + "0".repeat(whole - digits.length()) + ".0";
    }

    // Double.toString reads back as the same float, but before JDK 19 it is sometimes too long or not the closest
    private static BigDecimal shortest(double value) {
        BigDecimal exact = new BigDecimal(value);
        BigDecimal best = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        for (int digits = best.precision(); digits > 0; digits--) {
            BigDecimal found = closest(exact, digits, value);
            if (found == null) {
                break;
            }
            best = found;
        }
        return best.stripTrailingZeros();
    }

    /** Returns the number of so many digits that is closest to the exact value, of those that read back as the float. */
    private static @Nullable BigDecimal closest(BigDecimal exact, int digits, double value) {
        for (RoundingMode rounding : ROUNDINGS) {
            BigDecimal rounded = exact.round(new MathContext(digits, rounding));
            if (rounded.doubleValue() == value) {
                return rounded;
            }
        }
        return null;
    }
}
