//! Shares, as figures and as bars.

/// ` 14.8%`
pub fn share(part: usize, whole: usize) -> String {
    format!("{:5.1}%", ratio(part, whole) * 100.0)
}

/// A bar of at most `width` characters; a part that is not empty is never invisible.
pub fn bar(part: usize, whole: usize, width: usize) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = (ratio(part, whole) * width as f64 * 8.0).round() as usize;
    let eighths = eighths.max(usize::from(part > 0));
    format!("{}{}", "█".repeat(eighths / 8), EIGHTHS.get(eighths % 8).unwrap_or(&""))
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
