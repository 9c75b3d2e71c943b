//! Rule text, as explanations show it.

/// A piece of a rule on one line: without line breaks, and without the comments that only make sense at their own line.
pub(super) fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.lines().flat_map(|line| without_comment(line).split_whitespace()).collect();
    words.join(" ")
}

fn without_comment(line: &str) -> &str {
    let (mut quoted, mut escaped) = (false, false);
    for (place, c) in line.char_indices() {
        match c {
            '"' if !escaped => quoted = !quoted,
            '#' if !quoted => return line.get(..place).unwrap_or(line),
            _ => {}
        }
        escaped = quoted && c == '\\' && !escaped;
    }
    line
}

#[cfg(test)]
mod tests {
    use super::one_line;

    #[test]
    fn comments_go_and_texts_stay() {
        assert_eq!(
            one_line("a = \"x # y\"   # a note\n  and b = \"\\\"#\" # and \"more\""),
            "a = \"x # y\" and b = \"\\\"#\""
        );
    }
}
