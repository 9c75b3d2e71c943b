//! Rule text, as explanations show it.

/// A piece of a rule on one line: without line breaks, and without the comments that only make sense at their own line.
pub(super) fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.lines().flat_map(|line| without_comment(line).split_whitespace()).collect();
    words.join(" ")
}

/// What is left of `+60%`, to a hundredth of a percent: `+36%`.
pub(super) fn change(change: f64) -> String {
    let hundredths = format!("{:+.2}", change * 100.0);
    format!("{}%", hundredths.trim_end_matches('0').trim_end_matches('.'))
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
    use super::{change, one_line};

    #[test]
    fn changes_are_short() {
        assert_eq!([0.6 * 0.6, -0.1 / 3.0, 1.0, 0.125].map(change), ["+36%", "-3.33%", "+100%", "+12.5%"]);
    }

    #[test]
    fn comments_go_and_texts_stay() {
        assert_eq!(
            one_line("a = \"x # y\"   # a note\n  and b = \"\\\"#\" # and \"more\""),
            "a = \"x # y\" and b = \"\\\"#\""
        );
    }
}
