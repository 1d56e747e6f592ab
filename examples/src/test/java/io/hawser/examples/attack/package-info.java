/**
 * Attackers, each a test: what strangers, holders of other certificates and nodes that stand between two others try, over
 * real TLS, against nodes as users build them. {@code THREAT-MODEL.md} says what each of them proves.
 *
 * <p>{@link io.hawser.examples.attack.Victim} is the node under attack, {@link io.hawser.examples.attack.Impostor} says
 * what no node would, and {@link io.hawser.examples.attack.Mint} signs what no CA should.
 */
@NullMarked
package io.hawser.examples.attack;

import org.jspecify.annotations.NullMarked;
