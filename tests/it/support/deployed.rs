//! Sandbox and portal nodes as separate processes, the nodes behind one balancer, as in
//! a real deployment.

use std::fs::File;
use std::path::PathBuf;
use std::process::Command;

use serde_json::json;
use tempfile::TempDir;

use super::balancer::Balancer;
use super::controls::Controls;
use super::events;
use super::process::{Process, command, port_to_come_back_to};
use super::sandbox::copy_ca;

/// A running sandbox, and everything that nodes need to start.
pub struct Deployed {
    /// The directory for all files.
    pub dir: TempDir,
    /// The sandbox's controls.
    pub controls: Controls,
    /// The balancer in front of the nodes.
    pub balancer: Balancer,
    /// The portal's database.
    pub database_url: String,
    /// The ports of the nodes.
    pub ports: Vec<u16>,
    _sandbox: Process,
}

impl Deployed {
    /// Starts everything on this database, or on SQLite.
    pub async fn start(database_url: Option<String>, nodes: usize) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("portal.db");
        let database_url = database_url.unwrap_or_else(|| format!("sqlite://{}", file.display()));
        let arguments = [
            "sandbox",
            "--listen",
            "127.0.0.1:0",
            "--data-dir",
            "redtrust",
        ];
        copy_ca(&dir.path().join("redtrust")).await;
        let sandbox = Process::start(dir.path(), &arguments, &[], 1);
        let ports: Vec<u16> = (0..nodes).map(|_| port_to_come_back_to()).collect();
        let deployed = Self {
            controls: Controls::new(&sandbox.url("sandbox")),
            balancer: Balancer::start(ports.clone()).await,
            database_url,
            ports,
            _sandbox: sandbox,
            dir,
        };
        deployed.write_settings();
        let url = json!({"url": deployed.callback(), "partner": "RUBRICA-DEMO"});
        deployed.controls.post("redirect-urls", url).await;
        deployed
    }

    /// The public URL of all nodes.
    pub fn origin(&self) -> String {
        format!("http://localhost:{}", self.balancer.port)
    }

    fn callback(&self) -> String {
        format!("{}/callback/acme", self.origin())
    }

    fn write_settings(&self) {
        let show = ["sandbox", "--show-key", "--data-dir", "redtrust"];
        let key = command(self.dir.path(), &show, &[]).output().unwrap();
        let key = String::from_utf8(key.stdout).unwrap().trim().to_owned();
        for (node, port) in self.ports.iter().enumerate() {
            let toml = format!(
                "public_url = \"{}\"\nlisten = \"127.0.0.1:{port}\"\n\
                 database_url = \"{}\"\nmaster_key = \"{}\"\nlog = \"warn\"\n\
                 [[connection]]\nslug = \"acme\"\nname = \"Acme\"\nbase_url = \"{}\"\n\
                 partner = \"RUBRICA-DEMO\"\nshared_key = \"{key}\"\n\
                 redirect_url = \"{}\"\ndirect_login = true\n",
                self.origin(),
                self.database_url,
                // The key that encrypts migrated test databases.
                data_encoding::HEXLOWER.encode(&super::database::MASTER_KEY),
                self.controls.url,
                self.callback(),
            );
            std::fs::write(self.settings_of(node), toml).unwrap();
        }
    }

    /// Replaces a text in one node's settings.
    pub fn rewrite(&self, node: usize, from: &str, to: &str) {
        let file = self.settings_of(node);
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.contains(from), "{from} is not in {text}");
        std::fs::write(file, text.replace(from, to)).unwrap();
    }

    fn settings_of(&self, node: usize) -> PathBuf {
        self.dir.path().join(format!("node-{node}.toml"))
    }

    /// `rubrica` with these arguments and the settings of one node.
    pub fn command(&self, node: usize, arguments: &[&str], variables: &[(&str, &str)]) -> Command {
        let mut command = command(self.dir.path(), arguments, variables);
        command.arg("--config").arg(self.settings_of(node));
        command
    }

    /// The log file of one node.
    pub fn log_of(&self, node: usize) -> PathBuf {
        self.dir.path().join(format!("node-{node}.log"))
    }

    /// The command that starts one node; its log is kept next to its settings.
    pub fn serving(&self, node: usize, variables: &[(&str, &str)]) -> Command {
        let mut command = self.command(node, &["serve"], variables);
        let mut log = File::options();
        log.create(true).append(true);
        command.stderr(log.open(self.log_of(node)).unwrap());
        command
    }

    pub fn serve(&self, node: usize) -> Process {
        Process::try_start(self.serving(node, &[]), 1).unwrap_or_else(|why| panic!("{why}"))
    }
}

impl Drop for Deployed {
    fn drop(&mut self) {
        for node in 0..self.ports.len() {
            let log = std::fs::read_to_string(self.log_of(node));
            let _noted = events::note_all(&log.unwrap_or_default());
        }
    }
}
