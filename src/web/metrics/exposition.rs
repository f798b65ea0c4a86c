//! The text format of Prometheus.

use std::fmt::{Display, Write as _};

use crate::domain::timings::{BOUNDS, Times};

/// A text under way.
#[derive(Debug, Default)]
pub(in crate::web) struct Exposition {
    pub(in crate::web) text: String,
}

/// Labels and their values.
type Labels<'a> = &'a [(&'a str, &'a str)];

impl Exposition {
    /// Begins a metric; all its samples follow.
    pub(in crate::web) fn begin(&mut self, name: &str, kind: &str, help: &str) {
        self.line(format_args!("# HELP {name} {help}"));
        self.line(format_args!("# TYPE {name} {kind}"));
    }

    pub(in crate::web) fn sample(&mut self, name: &str, labels: Labels<'_>, value: impl Display) {
        let labels: Vec<String> = labels
            .iter()
            .map(|(label, text)| format!("{label}=\"{}\"", escaped(text)))
            .collect();
        match labels.as_slice() {
            [] => self.line(format_args!("{name} {value}")),
            labels => self.line(format_args!("{name}{{{}}} {value}", labels.join(","))),
        }
    }

    /// A metric with one sample.
    pub(in crate::web) fn single(
        &mut self,
        name: &str,
        kind: &str,
        help: &str,
        value: impl Display,
    ) {
        self.begin(name, kind, help);
        self.sample(name, &[], value);
    }

    /// The samples of a histogram.
    pub(in crate::web) fn histogram(&mut self, name: &str, labels: Labels<'_>, times: &Times) {
        let bucket = format!("{name}_bucket");
        let mut within = |bound: &str, count: u64| {
            let all = [labels, &[("le", bound)]].concat();
            self.sample(&bucket, &all, count);
        };
        for (bound, count) in BOUNDS.iter().zip(times.within) {
            within(&bound.to_string(), count);
        }
        within("+Inf", times.count);
        self.sample(&format!("{name}_sum"), labels, times.sum);
        self.sample(&format!("{name}_count"), labels, times.count);
    }

    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        // Writing to a String does not fail.
        let _written = writeln!(self.text, "{line}");
    }
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_labels_are_escaped_and_groups_of_a_histogram_are_cumulative() {
        let mut exposition = Exposition::default();
        exposition.single("up", "gauge", "Whether.", 1);
        exposition.sample("x", &[("a", "\"\\\n"), ("b", "2")], 0.5);
        let mut times = Times::default();
        (times.count, times.sum) = (2, 60.5);
        times.within[8] = 1;
        exposition.histogram("t", &[("r", "/")], &times);
        let lines: Vec<&str> = exposition.text.lines().collect();
        assert_eq!(
            lines[..4],
            [
                "# HELP up Whether.",
                "# TYPE up gauge",
                "up 1",
                "x{a=\"\\\"\\\\\\n\",b=\"2\"} 0.5"
            ]
        );
        assert_eq!(lines[4], "t_bucket{r=\"/\",le=\"0.01\"} 0");
        assert_eq!(
            lines[12..],
            [
                "t_bucket{r=\"/\",le=\"60\"} 1",
                "t_bucket{r=\"/\",le=\"+Inf\"} 2",
                "t_sum{r=\"/\"} 60.5",
                "t_count{r=\"/\"} 2"
            ]
        );
    }
}
