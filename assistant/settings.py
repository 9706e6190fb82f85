"""What an operator sets by environment variables; README lists them."""
import secrets
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    """All settings of the server. A wrong value raises pydantic's ValidationError, which names the variable."""

    environment: Literal["development", "production"] = Field("development", validation_alias="ASSISTANT_ENV")
    api_token: SecretStr | None = Field(None, min_length=16, validation_alias="ASSISTANT_API_TOKEN")
    secret: SecretStr | None = Field(None, min_length=32, validation_alias="ASSISTANT_SECRET")
    host: str = Field("127.0.0.1", validation_alias="ASSISTANT_HOST")
    port: int = Field(5005, ge=1, le=65535, validation_alias="ASSISTANT_PORT")
    knowledge_database_url: str = Field("sqlite:///var/knowledge.db", validation_alias="KNOWLEDGE_DATABASE_URL")
    tracker_database_url: str = Field("sqlite:///var/conversations.db", validation_alias="TRACKER_DATABASE_URL")
    action_server_url: str | None = Field(None, validation_alias="ACTION_SERVER_URL")
    channels: str = Field("", validation_alias="ASSISTANT_CHANNELS")
    public_url: str | None = Field(None, validation_alias="ASSISTANT_PUBLIC_URL")
    staff_password_hash: SecretStr | None = Field(None, validation_alias="ASSISTANT_STAFF_PASSWORD_HASH")
    staff_checkout: Path = Field(Path("."), validation_alias="ASSISTANT_STAFF_CHECKOUT")

    @field_validator("staff_password_hash")
    @classmethod
    def _is_a_hash(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not value.get_secret_value().startswith("$argon2id$"):
            raise ValueError("that is not a hash: `python -m assistant.staff.password` prints one; keep the quotes around it")
        return value

    @model_validator(mode="after")
    def _secret_for_sessions(self) -> "Settings":
        if self.secret is None:
            if self.production:
                raise ValueError("ASSISTANT_SECRET is needed in production: it signs the patients' sessions")
            self.secret = SecretStr(secrets.token_urlsafe(32))  # sessions end with the process
        return self

    @property
    def production(self) -> bool:
        return self.environment == "production"

    @property
    def token(self) -> str | None:
        """The token that REST and the staff API ask for; None: none is set."""
        return self.api_token.get_secret_value() if self.api_token else None

    @property
    def session_key(self) -> str:
        """The key that signs session tokens."""
        assert self.secret is not None
        return self.secret.get_secret_value()

    @property
    def staff_hash(self) -> str | None:
        """The hash of the staff's password; None: there is no staff page."""
        return self.staff_password_hash.get_secret_value() if self.staff_password_hash else None

    @property
    def api_is_on(self) -> bool:
        """Whether REST and the staff API answer at all; who may call them is decided in assistant/access.py."""
        return self.api_token is not None or not self.production


@lru_cache
def get_settings() -> Settings:
    """The settings, read once per process."""
    return Settings()
