"""Typed settings. The only module that reads the environment."""

import difflib
import os
from pathlib import Path
from typing import Final, Literal, Self

from pydantic import BaseModel, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT: Final = Path(__file__).resolve().parent.parent
VAR: Final = ROOT / "var"
PREFIX: Final = "PORTAL_"


class Smtp(BaseModel, frozen=True):
    """One mail relay. Without a host, mail is written to `var/outbox`."""

    host: str = Field("", description="Host name of the mail relay; empty writes mail to files")
    port: int = Field(25, description="Port of the mail relay")
    sender: str = Field("treatment-exchange@localhost", description="Address that mail is sent from")


class Config(BaseSettings):
    """Every setting of the portal. Release thresholds and noise are code, never settings."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", frozen=True, extra="forbid"
    )

    database_url: str = Field("", description="SQLAlchemy address; empty means SQLite in the data folder")
    data_dir: Path = Field(VAR, description="Folder for the database, outbox, snapshots and logs")
    keys_dir: Path | None = Field(None, description="Folder of the key files; empty means outside the tree")
    secret_key: SecretStr | None = Field(None, description="Signs cookies; empty reads the key file")
    demonstration: bool = Field(default=False, description="Synthetic data on loopback; never with real data")
    base_url: str = Field("http://localhost:8000", description="Public address of this portal")
    trusted_hosts: list[str] = Field([], description="Host names that are answered besides loopback")
    proxy_hops: int = Field(0, description="Number of TLS proxies in front; 0 means none")
    country_header: str = Field(
        "", pattern=r"^([A-Za-z][A-Za-z0-9-]*)?$",
        description="Header in which the proxy writes the visitor's country as two letters; empty means none",
    )  # fmt: skip
    smtp: Smtp = Field(Smtp(), description="Mail relay")
    worker: Literal["embedded", "none"] = Field(
        "embedded", description="Run jobs inside the web process, builds of editions beside it"
    )
    read_only: bool = Field(default=False, description="Refuse every change with 503")
    password_memory_kib: int = Field(65536, description="argon2id memory; lower only in tests", ge=8)
    testing: bool = Field(default=False, description="Set by the test suite only")

    @model_validator(mode="after")
    def _demonstration_sends_no_mail(self) -> Self:
        if self.demonstration and self.smtp.host:
            message = "a demonstration sends no mail: unset PORTAL_SMTP__HOST or PORTAL_DEMONSTRATION"
            raise ValueError(message)
        return self

    @property
    def database(self) -> str:
        """The demonstration has a file of its own: people and inventions never meet in one database."""
        name = "demonstration.db" if self.demonstration else "portal.db"
        return self.database_url or f"sqlite:///{self.data_dir / name}"

    @property
    def keys(self) -> Path:
        """Keys of real instances never lie in the tree, so that copying the tree copies no key."""
        if self.keys_dir:
            return self.keys_dir
        if self.demonstration:
            return self.data_dir / "keys"
        home = Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local" / "share"))
        return home / "treatment-exchange" / "keys"

    @property
    def loopback(self) -> bool:
        host = self.base_url.split("://", 1)[-1].split("/", 1)[0].rsplit(":", 1)[0]
        return host in {"localhost", "127.0.0.1", "[::1]"}

    @property
    def secure(self) -> bool:
        return self.base_url.startswith("https://") or self.proxy_hops > 0


def unknown_variables(environ: dict[str, str]) -> list[str]:
    """Names with our prefix that set nothing: a misspelt setting must not pass in silence."""
    known = {f"{PREFIX}{name.upper()}" for name in Config.model_fields}
    known |= {f"{PREFIX}SMTP__{name.upper()}" for name in Smtp.model_fields}
    given = {n for n in environ if n.startswith(PREFIX) and not n.startswith("PORTAL_TEST_")}
    return [f"{n} (nearest: {_nearest(n, known)})" for n in sorted(given - known)]


def _nearest(name: str, known: set[str]) -> str:
    return next(iter(difflib.get_close_matches(name, sorted(known), 1, 0)), "none")


def from_environment() -> Config:
    """Read the settings; raise ValueError that names each unknown variable."""
    if unknown := unknown_variables(dict(os.environ)):
        message = "unknown settings: " + ", ".join(unknown)
        raise ValueError(message)
    config = Config()
    return _as_found(config) if "demonstration" not in config.model_fields_set else config


def _as_found(config: Config) -> Config:
    """Commands find the demonstration by its database, so that nobody has to repeat the setting."""
    found = config.data_dir / "demonstration.db"
    alone = found.exists() and not (config.data_dir / "portal.db").exists() and not config.database_url
    return Config(demonstration=True) if alone and config.loopback and not config.smtp.host else config
