//! amoCRM's form encoding, byte for byte as PHP writes it: brackets and `~` escaped, spaces as `+`.

/// The pairs of a body in their order.
pub fn decode(body: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(body).into_owned().collect()
}

/// A body of these pairs.
pub fn encode(pairs: &[(String, String)]) -> Vec<u8> {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish().into_bytes()
}

/// The same with the brackets left as they are, as old clients send it.
pub fn encode_plain_brackets(pairs: &[(String, String)]) -> Vec<u8> {
    let text = String::from_utf8(encode(pairs)).unwrap();
    text.replace("%5B", "[").replace("%5D", "]").into_bytes()
}

/// The same with every escape in lower case.
pub fn encode_lower_case(pairs: &[(String, String)]) -> Vec<u8> {
    let mut bytes = encode(pairs);
    for place in 0..bytes.len() {
        if bytes[place] == b'%' {
            bytes[place + 1..place + 3].make_ascii_lowercase();
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_of_encoding_reads_back() {
        let pairs = vec![("leads[add][0][name]".to_owned(), "Да + ~ %".to_owned())];
        for bytes in [encode(&pairs), encode_plain_brackets(&pairs), encode_lower_case(&pairs)] {
            assert_eq!(decode(&bytes), pairs, "{}", String::from_utf8_lossy(&bytes));
        }
    }
}
