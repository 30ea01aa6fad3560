"""The language of the domain: identities, scales, records, pure rules, life cycles. No I/O, clock or database."""
