"""One-time codes. `digest` is the SHA-256 of a code, in hexadecimal; the code itself is nowhere."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import OneTimeCode


class CodeRow(NamedTuple):
    """What became of a code."""

    expires_at: datetime
    used_at: datetime | None


async def create(
    session: AsyncSession,
    *,
    purpose: str,
    digest: str,
    created_by: int | None,
    created_at: datetime,
    expires_at: datetime,
    member_id: int | None = None,
) -> None:
    """Keep a new code. `created_by` is None for the host, `member_id` the row that a claim is for."""
    await session.execute(
        insert(OneTimeCode).values(
            purpose=purpose,
            digest=digest,
            member_id=member_id,
            created_by=created_by,
            created_at=created_at,
            expires_at=expires_at,
        )
    )


async def use(session: AsyncSession, *, purpose: str, digest: str, used_by: int | None, now: datetime) -> bool:
    """Use a code up, by compare-and-set: True for the one who used it, False for everybody else and too late."""
    used = await session.scalar(
        update(OneTimeCode)
        .where(
            OneTimeCode.digest == digest,
            OneTimeCode.purpose == purpose,
            OneTimeCode.used_at.is_(None),
            OneTimeCode.expires_at > now,
        )
        .values(used_at=now, used_by=used_by)
        .returning(OneTimeCode.id)
    )
    return used is not None


async def find(session: AsyncSession, *, purpose: str, digest: str) -> CodeRow | None:
    """What became of a code; None where there never was one."""
    row = (
        await session.execute(
            select(OneTimeCode.expires_at, OneTimeCode.used_at).where(
                OneTimeCode.digest == digest, OneTimeCode.purpose == purpose
            )
        )
    ).one_or_none()
    return CodeRow(*row) if row else None
