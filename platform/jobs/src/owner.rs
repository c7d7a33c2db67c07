//! Who runs a job, and whether they still live.

use std::fmt;
use std::path::Path;

use chrono::{DateTime, Duration, Utc};

use crate::{Etat, Job};

/// How long a worker of another machine may be silent. A long SQLite transaction delays beats by half a minute; never by this.
const SILENCE: Duration = Duration::minutes(2);

/// A process: its machine, its number, and the tick it started at, because numbers come back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Owner {
    host: String,
    pid: u32,
    start: String,
}

impl Owner {
    /// This process.
    pub(crate) fn this_process() -> Self {
        let pid = std::process::id();
        let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
        // A colon separates the parts.
        let host = host.trim().replace(':', "-");
        Self { host, pid, start: start_time(pid).unwrap_or_default() }
    }

    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, ':');
        let host = parts.next()?.to_owned();
        let pid = parts.next()?.parse().ok()?;
        Some(Self { host, pid, start: parts.next()?.to_owned() })
    }

    /// Whether the job claims to run though whoever ran it is gone.
    pub(crate) fn abandoned(&self, job: &Job, now: DateTime<Utc>) -> bool {
        job.etat == Etat::EnCours && !self.lives(job, now)
    }

    fn lives(&self, job: &Job, now: DateTime<Utc>) -> bool {
        let heard = || job.battement_le.is_some_and(|beat| now - beat <= SILENCE);
        let Some(owner) = job.proprietaire.as_deref().and_then(Self::parse) else { return heard() };
        if owner == *self {
            return true;
        }
        if owner.host == self.host && Path::new("/proc/self/stat").exists() {
            return start_time(owner.pid).is_some_and(|start| start == owner.start);
        }
        heard()
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.host, self.pid, self.start)
    }
}

/// Field 22 of `/proc/<pid>/stat`: ticks from boot to the start of the process. The name in parentheses may hold anything.
fn start_time(pid: u32) -> Option<String> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, after_name) = stat.rsplit_once(')')?;
    after_name.split_ascii_whitespace().nth(19).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_known_by_more_than_its_number() {
        let me = Owner::this_process();
        assert!(!me.start.is_empty());
        assert_eq!(Owner::parse(&me.to_string()), Some(me));
        assert_eq!(start_time(u32::MAX), None);
    }
}
