/** The part of tus-js-client 4.3.1 we use. */
export interface Response {
  getStatus(): number;
  getHeader(name: string): string | null | undefined;
  getBody(): string;
}

export interface Request {
  getMethod(): string;
}

export interface PreviousUpload {
  metadata: { [key: string]: string };
  creationTime: string;
  urlStorageKey: string;
  uploadUrl: string | null;
}

export interface UploadOptions {
  endpoint: string;
  metadata: { [key: string]: string };
  chunkSize?: number;
  retryDelays?: number[] | null;
  removeFingerprintOnSuccess?: boolean;
  fingerprint?: (file: File) => Promise<string>;
  onProgress?: (sent: number, total: number) => void;
  onSuccess?: (payload: { lastResponse: Response }) => void;
  onError?: (error: Error) => void;
  onAfterResponse?: (request: Request, response: Response) => void;
}

export class DetailedError extends Error {
  originalResponse: Response | null;
  causingError: Error | null;
}

export class Upload {
  constructor(file: File, options: UploadOptions);
  start(): void;
  abort(shouldTerminate?: boolean): Promise<void>;
  findPreviousUploads(): Promise<PreviousUpload[]>;
  resumeFromPreviousUpload(previous: PreviousUpload): void;
}
