/** Nodes as users build them, with nothing replaced: carrier, certificates, cookie and EPMD, against real Erlang/OTP. */
@NullMarked
package io.hawser.examples.interop;

import org.jspecify.annotations.NullMarked;
