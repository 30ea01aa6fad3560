"""The language of the domain: identities, scales, frozen records, pure rules and life cycles. No I/O, no clock, no database."""
