//! The two formats that Prometheus reads.

/// The format that the caller prefers, and the text in it: OpenMetrics when it is asked, the older text format otherwise.
pub(super) fn negotiate(accept: &str, mut openmetrics: String) -> (&'static str, String) {
    if accept.contains("application/openmetrics-text") {
        openmetrics.push_str("# EOF\n");
        return ("application/openmetrics-text; version=1.0.0; charset=utf-8", openmetrics);
    }
    ("text/plain; version=0.0.4; charset=utf-8", older(&openmetrics))
}

/// The older format names a counter with its `_total` where it is described, knows no units and no `info`.
fn older(text: &str) -> String {
    let counters: Vec<&str> =
        text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.strip_suffix(" counter")).collect();
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        let described = line.strip_prefix("# HELP ").or(line.strip_prefix("# TYPE "));
        match described.and_then(|rest| rest.split_once(' ')) {
            Some((name, rest)) if counters.contains(&name) => {
                let word = line.get(..7).unwrap_or("# HELP ");
                out.push_str(&format!("{word}{name}_total {rest}\n"));
            }
            _ if line.starts_with("# UNIT ") => {}
            _ => {
                out.push_str(line);
                out.push('\n');
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_formats_describe_what_they_count() {
        let text = "# HELP a_seconds Age.\n# TYPE a_seconds gauge\n# UNIT a_seconds seconds\na_seconds 1.5\n\
                    # HELP r Requests.\n# TYPE r counter\nr_total{x=\"# TYPE r counter\"} 2\n";
        let (kind, plain) = negotiate("text/html", text.to_owned());
        assert!(kind.starts_with("text/plain; version=0.0.4"));
        assert_eq!(
            plain,
            "# HELP a_seconds Age.\n# TYPE a_seconds gauge\na_seconds 1.5\n\
             # HELP r_total Requests.\n# TYPE r_total counter\nr_total{x=\"# TYPE r counter\"} 2\n"
        );
        let (kind, open) = negotiate("application/openmetrics-text;version=1.0.0", text.to_owned());
        assert!(kind.starts_with("application/openmetrics-text") && open.ends_with("# EOF\n"));
    }
}
