"""Songs and versions over JSON, and a version's sound and waveform as bytes."""

from pathlib import PurePath
from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from server.blobs import Blobs
from server.database import database_of
from server.errors import AppError, forbidden, not_found
from server.events.objects import Playable, SongShape, VersionShape
from server.fields import Form, Label, Notes, PageForm, Title
from server.operations import ItemList, Operation, answer, parsed, parsed_query
from server.people import bands
from server.people.visitors import credentials, person_asking
from server.songs import songs, versions
from server.songs.access import (
    song_to_change,
    song_to_hear,
    version_to_change,
    version_to_hear,
    visible_versions,
)
from server.songs.audio import media_type, ranged
from server.songs.preparing import audio_key, waveform_key
from server.songs.shapes import song_shape, version_shape
from server.stages import StageKey


class NewSong(Form):
    title: Title
    band: Annotated[UUID, Field(strict=False)] | None = None


class ChangedVersion(Form):
    label: Label | None = None
    notes: Notes | None = None
    stage: StageKey | None = None
    first_listen_protected: bool | None = None


class WhichAudio(PageForm):
    as_: Annotated[Playable, Field(alias="as")] = "original"
    download: bool = False


class WhichZoom(PageForm):
    zoom: Annotated[int, Field(ge=0, le=15)] = 0


async def list_songs(request: Request) -> Response:
    def find(session: Session) -> ItemList[SongShape]:
        person = person_asking(session, credentials(request))
        mine = bands.bands_of(session, person.id)
        return ItemList(
            items=[song_shape(session, song) for band in mine for song in songs.songs_of(session, band.id)]
        )

    return answer(await database_of(request).reading(find))


async def add_song(request: Request) -> Response:
    form = await parsed(request, NewSong)

    def add(session: Session) -> SongShape:
        person = person_asking(session, credentials(request))
        return song_shape(session, songs.add_song(session, person, form.title, form.band))

    return answer(await database_of(request).writing(add), 201)


async def get_song(request: Request) -> Response:
    def find(session: Session) -> SongShape:
        return song_shape(
            session, song_to_hear(session, credentials(request), request.path_params["song"]).song
        )

    return answer(await database_of(request).reading(find))


async def remove_song(request: Request) -> Response:
    def remove(session: Session) -> None:
        access = song_to_change(session, credentials(request), request.path_params["song"], removed=True)
        songs.remove_song(session, access)

    await database_of(request).writing(remove)
    return Response(status_code=204)


async def restore_song(request: Request) -> Response:
    def restore(session: Session) -> SongShape:
        access = song_to_change(session, credentials(request), request.path_params["song"], removed=True)
        songs.restore_song(session, access)
        return song_shape(session, access.song)

    return answer(await database_of(request).writing(restore))


async def list_versions(request: Request) -> Response:
    def find(session: Session) -> ItemList[VersionShape]:
        access = song_to_hear(session, credentials(request), request.path_params["song"])
        return ItemList(items=[version_shape(session, row) for row in visible_versions(session, access)])

    return answer(await database_of(request).reading(find))


async def get_version(request: Request) -> Response:
    def find(session: Session) -> VersionShape:
        return version_shape(
            session, version_to_hear(session, credentials(request), request.path_params["version"])[1]
        )

    return answer(await database_of(request).reading(find))


async def change_version(request: Request) -> Response:
    form = await parsed(request, ChangedVersion)

    def change(session: Session) -> VersionShape:
        access, version = version_to_change(session, credentials(request), request.path_params["version"])
        versions.change_version(session, access, version, **form.model_dump())
        return version_shape(session, version)

    return answer(await database_of(request).writing(change))


async def remove_version(request: Request) -> Response:
    def remove(session: Session) -> None:
        given, id = credentials(request), request.path_params["version"]
        versions.remove_version(session, version_to_change(session, given, id, removed=True)[1])

    await database_of(request).writing(remove)
    return Response(status_code=204)


async def restore_version(request: Request) -> Response:
    def restore(session: Session) -> VersionShape:
        given, id = credentials(request), request.path_params["version"]
        _, version = version_to_change(session, given, id, removed=True)
        versions.restore_version(session, version)
        return version_shape(session, version)

    return answer(await database_of(request).writing(restore))


async def get_audio(request: Request) -> Response:
    which = parsed_query(request, WhichAudio)

    def find(session: Session) -> tuple[VersionShape, str]:
        access, version = version_to_hear(session, credentials(request), request.path_params["version"])
        if which.download and not access.may_download:
            raise forbidden("This link is for listening, not for downloading. Ask the band for the file.")
        return version_shape(session, version), version.sha256

    version, sha256 = await database_of(request).reading(find)
    if which.as_ != "original" and which.as_ not in version.audio:
        raise AppError(
            404, "not_prepared", "This form of the recording is not ready, or is not needed for this file."
        )
    container = version.format.container if version.format and which.as_ == "original" else ""
    kind = {"lossless": "audio/flac", "opus": "audio/ogg", "small": "audio/mp4"}.get(which.as_) or media_type(
        container
    )
    return await ranged(
        request,
        blobs_of(request),
        audio_key(sha256, which.as_),
        media_type=kind,
        etag=f"{sha256[:32]}-{which.as_}",
        download_as=_download_name(version, which.as_) if which.download else None,
    )


async def get_waveform(request: Request) -> Response:
    which = parsed_query(request, WhichZoom)

    def find(session: Session) -> tuple[str, int]:
        _, version = version_to_hear(session, credentials(request), request.path_params["version"])
        return version.sha256, len(version.zooms)

    sha256, zooms = await database_of(request).reading(find)
    if which.zoom >= zooms:
        raise not_found()
    return await ranged(
        request,
        blobs_of(request),
        waveform_key(sha256, which.zoom),
        media_type="application/octet-stream",
        etag=f"{sha256[:32]}-waveform-{which.zoom}",
    )


def blobs_of(request: Request) -> Blobs:
    found = request.app.state.blobs
    assert isinstance(found, Blobs)
    return found


def _download_name(version: VersionShape, kind: Playable) -> str:
    ending = {"lossless": ".flac", "opus": ".opus", "small": ".m4a"}.get(kind)
    return PurePath(version.file_name).stem + ending if ending else version.file_name


operations = [
    Operation(
        "GET", "/api/songs", list_songs, "The songs of your bands", gives=ItemList[SongShape], errors=(401,)
    ),
    Operation("POST", "/api/songs", add_song, "Make a song", takes=NewSong, gives=SongShape, status=201),
    Operation("GET", "/api/songs/{song:uuid}", get_song, "One song", gives=SongShape, errors=(404,)),
    Operation("DELETE", "/api/songs/{song:uuid}", remove_song, "Take a song away", status=204, errors=(404,)),
    Operation(
        "POST",
        "/api/songs/{song:uuid}/restore",
        restore_song,
        "Bring it back",
        gives=SongShape,
        errors=(404,),
    ),
    Operation(
        "GET",
        "/api/songs/{song:uuid}/versions",
        list_versions,
        "The versions you may hear",
        gives=ItemList[VersionShape],
        errors=(404,),
    ),
    Operation(
        "GET", "/api/versions/{version:uuid}", get_version, "One version", gives=VersionShape, errors=(404,)
    ),
    Operation(
        "PATCH",
        "/api/versions/{version:uuid}",
        change_version,
        "Change what a version is called",
        takes=ChangedVersion,
        gives=VersionShape,
        errors=(404, 422),
    ),
    Operation(
        "DELETE", "/api/versions/{version:uuid}", remove_version, "Take it away", status=204, errors=(404,)
    ),
    Operation(
        "POST",
        "/api/versions/{version:uuid}/restore",
        restore_version,
        "Bring it back",
        gives=VersionShape,
        errors=(404,),
    ),
    Operation(
        "GET",
        "/api/versions/{version:uuid}/audio",
        get_audio,
        "The recording, whole or in ranges",
        query=WhichAudio,
        gives="audio/*",
        also=(206, 304),
        errors=(404, 416, 422),
        request_headers=("Range", "If-None-Match", "If-Range"),
    ),
    Operation(
        "GET",
        "/api/versions/{version:uuid}/waveform.dat",
        get_waveform,
        "Peaks, audiowaveform format version 2",
        query=WhichZoom,
        gives="application/octet-stream",
        also=(206, 304),
        errors=(404, 416, 422),
        request_headers=("Range", "If-None-Match"),
    ),
]
