//! What the system says of this process. Nothing where there is no `/proc`.

/// Memory held and processor time used.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Process {
    /// Resident memory, in bytes.
    pub(super) resident: Option<u64>,
    /// Processor time since the start, in seconds.
    pub(super) cpu: Option<f64>,
    /// Open files.
    pub(super) files: Option<u64>,
}

pub(super) fn read() -> Process {
    let text = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    Process {
        resident: resident(&text("/proc/self/status")),
        cpu: cpu(&text("/proc/self/stat")),
        files: std::fs::read_dir("/proc/self/fd").ok().map(|entries| entries.count() as u64),
    }
}

fn resident(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

/// Fields 14 and 15, in hundredths of a second. The second field is the program's name, in parentheses, and may hold anything.
fn cpu(stat: &str) -> Option<f64> {
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace().skip(11);
    let user: f64 = fields.next()?.parse().ok()?;
    let system: f64 = fields.next()?.parse().ok()?;
    Some((user + system) / 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_linux_writes() {
        assert_eq!(resident("Name:\tx\nVmRSS:\t    2048 kB\nThreads:\t3\n"), Some(2_097_152));
        assert_eq!(cpu("42 (a) b) S 1 2 3 4 5 6 7 8 9 10 150 50 0 0 20"), Some(2.0));
        assert_eq!((resident(""), cpu("")), (None, None));
    }
}
