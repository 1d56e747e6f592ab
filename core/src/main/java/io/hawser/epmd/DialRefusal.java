package io.hawser.epmd;

import io.hawser.transport.RefusalCode;

/** Why a {@link DialPolicy} keeps a node from being dialled. */
public enum DialRefusal implements RefusalCode {
    /** No pattern of the policy fits its name. */
    NAME_NOT_ALLOWED,
    /** Its name leads to an address that is in no network of the policy. */
    ADDRESS_NOT_ALLOWED,
    /** Too many nodes that the same introducer named could not be connected to. */
    BUDGET_SPENT,
    /** More nodes were introduced than wait at one time, or are known than can be. */
    TOO_MANY,
    /** It can be no peer: it is this node itself, has no node's name, or a long one where this node's is short. */
    NO_PEER;

    @Override
    public Layer layer() {
        return Layer.DIAL;
    }
}
