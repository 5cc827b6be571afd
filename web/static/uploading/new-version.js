import { UploadForm } from "./upload-form.js";

customElements.define("upload-form", UploadForm);
